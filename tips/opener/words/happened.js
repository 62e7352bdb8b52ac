// What was done with a tip: to whom or why, and by whom.
import { inItsForm } from "./answer_forms.js";
import { labelOf } from "./labels.js";
import { TIP } from "./texts.js";

const TO = new Set(["assign", "forward"]);
// What a handler has typed, or the number of a keyring: each has a form of its own.
const FORM_OF = {
  register: "register_no",
  propose_purge: "decision",
  purge: "decision",
  rewrap: "ring_no",
  restore: "ring_no",
  masked: "hash",
};

/** To whom, or why; `nameOf` says what a handler is called. */
export function reasonOf({ verb, reason }, nameOf = String) {
  if (!reason) return reason;
  if (Object.hasOwn(FORM_OF, verb)) return inItsForm(FORM_OF[verb], reason);
  if (verb === "assign") return nameOf(reason);
  return labelOf("choice", verb, reason);
}

/** The same and who did it, as one line. */
export function happened(desk, event) {
  const done = labelOf("done", event.verb);
  const reason = reasonOf(event, desk.nameOf);
  const what = reason ? `${done}${TO.has(event.verb) ? " till" : ":"} ${reason}` : done;
  return `${what}, ${event.actor ? TIP.by(desk.nameOf(event.actor)) : TIP.system}`;
}
