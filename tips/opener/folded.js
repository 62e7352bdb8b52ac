// What may be something else than what came in.
import { button, h } from "./dom.js";
import { alarm } from "./forms.js";
import { COMMON } from "./texts.js";

/** The content behind a warning: shown to those alone who ask for it. */
export function folded(tone, warning, shown) {
  const place = h("div", {});
  const show = button(COMMON.anyway, () => place.replaceChildren(...[shown()].flat().filter(Boolean)));
  place.append(alarm(tone, warning, h("p", {}, show)));
  return place;
}
