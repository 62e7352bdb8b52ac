// A question that stands above all else until it is answered.
import { button, h, uniqueId } from "./dom.js";
import { COMMON } from "../words/texts.js";

/** Which of `choices` (`[value, label]`) is pressed; null when it is called off. */
export function asked(heading, content, choices) {
  return new Promise((resolve) => {
    const id = uniqueId("fraga");
    let chosen = null;
    const close = (value) => {
      chosen = value;
      dialog.close();
    };
    const dialog = h(
      "dialog",
      { class: "desk-dialog desk-select__question", "aria-labelledby": id },
      // It has the focus: whoever presses Enter twice has chosen nothing.
      h("h2", { id, tabindex: "-1", autofocus: true }, heading),
      content,
      h(
        "div",
        { class: "desk-select__reasons" },
        choices.map(([value, label]) => button(label, () => close(value))),
      ),
      h("p", {}, button(COMMON.cancel, () => close(null))),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(chosen);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Which tips a question is about. */
export const which = (names) => h("p", { class: "desk-select__which" }, names.join(", "));
