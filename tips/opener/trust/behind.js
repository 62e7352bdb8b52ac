// What the desk asks when a colleague's note names a later keyring than the server hands out.
import { inWords } from "./desk_trust.js";
import { button, h } from "../page_parts/dom.js";
import { notice } from "../page_parts/forms.js";
import { TRUST } from "../words/texts.js";

/** The question, where it has not been answered; `agreed()` when the handler has said yes. */
export function behindBox(trust, ring, agreed) {
  const heard = trust.behind(ring);
  if (!heard) return [];
  const agree = () => {
    trust.agree(heard);
    agreed();
  };
  return [
    notice(
      "warning",
      TRUST.behind(heard.name, heard.serial, ring.serial),
      h("p", {}, TRUST.behindText(heard.name)),
      inWords(ring),
      h("p", {}, button(TRUST.behindYes(ring.serial), agree)),
    ),
  ];
}
