// On which ground something is masked: one of a list, or a chapter and section that somebody writes.
import { h } from "../page_parts/dom.js";
import { field, quiet, select } from "../page_parts/forms.js";
import { GROUNDS, MASK } from "../words/mask_words.js";

const OWN = "own";
const SECTION = /^(?:[1-9]|[1-3]\d|4[0-4]) kap\. [1-9]\d? (?:[a-z] )?§(?: [1-9] st\.)?$/;

/** The fields; `given()` is the ground, or null once it is said what is missing. */
export function groundFields() {
  const options = [
    { value: "", label: MASK.choose },
    ...GROUNDS.map((ground) => ({ value: ground, label: ground })),
    { value: OWN, label: MASK.other },
  ];
  const list = field(MASK.ground, select(options));
  const own = field(MASK.own, h("input", quiet({ type: "text" })), { hint: MASK.ownHint });
  own.element.hidden = true;
  list.control.addEventListener("change", () => {
    own.element.hidden = list.control.value !== OWN;
    list.fault("");
  });
  return {
    elements: [list.element, own.element],
    given() {
      const isOwn = list.control.value === OWN;
      const section = own.control.value.trim();
      list.fault(list.control.value ? "" : MASK.chooseFirst);
      own.fault(!isOwn || SECTION.test(section) ? "" : MASK.ownFault);
      const wrong = [list, own].find(({ control }) => control.hasAttribute("aria-invalid"));
      wrong?.control.focus();
      if (wrong) return null;
      return isOwn ? `${section} OSL` : list.control.value;
    },
  };
}
