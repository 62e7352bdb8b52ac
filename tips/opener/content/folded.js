// What may be something else than what came in.
import { button, h } from "../page_parts/dom.js";
import { alarm } from "../page_parts/forms.js";
import { COMMON } from "../words/texts.js";

/** The content behind a warning: shown to those alone who ask for it. */
export function folded(tone, warning, shown) {
  const question = h("p", {}, button(COMMON.anyway, open));
  const place = h("div", {}, alarm(tone, warning, question));
  function open() {
    const content = h("div", { tabindex: "-1" }, shown());
    question.remove(); // the warning stays
    place.append(content);
    content.focus();
  }
  return place;
}
