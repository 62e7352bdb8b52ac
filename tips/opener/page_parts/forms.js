// Fields with their label, hint and error, and the summary of errors above them.
import { button, h, uniqueId } from "./dom.js";
import { COMMON } from "../words/texts.js";

/** A field: label above, hint under it, error by it. `fault(text)` shows or takes away the error. */
export function field(label, control, { hint = "" } = {}) {
  const id = uniqueId("falt");
  control.id = id;
  const error = h("p", { class: "desk-field__error", id: `${id}-fel`, hidden: true });
  const hintLine = hint && h("p", { class: "desk-field__hint", id: `${id}-rad` }, hint);
  const describe = () =>
    [hint && `${id}-rad`, error.hidden || `${id}-fel`]
      .filter((word) => typeof word === "string" && word)
      .join(" ");
  const element = h(
    "div",
    { class: "desk-field" },
    h("label", { class: "desk-field__label", for: id }, label),
    hintLine || null,
    error,
    control,
  );
  const fault = (text) => {
    error.hidden = !text;
    error.replaceChildren(text || "");
    element.classList.toggle("desk-field--wrong", Boolean(text));
    if (text) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    const described = describe();
    if (described) control.setAttribute("aria-describedby", described);
    else control.removeAttribute("aria-describedby");
  };
  fault("");
  return { element, control, fault };
}

/** A control that neither remembers, corrects nor sends elsewhere what is typed in it. */
export const quiet = (attributes = {}) => ({
  class: "desk-field__control",
  autocomplete: "off",
  autocapitalize: "off",
  autocorrect: "off",
  spellcheck: "false",
  ...attributes,
});

export const select = (options, attributes = {}) =>
  h(
    "select",
    { class: "desk-field__control", autocomplete: "off", ...attributes },
    options.map(({ value, label }) => h("option", { value }, label)),
  );

export function checkbox(label, attributes = {}) {
  const id = uniqueId("ruta");
  const control = h("input", { type: "checkbox", id, autocomplete: "off", ...attributes });
  return {
    control,
    element: h("div", { class: "desk-check" }, control, h("label", { for: id }, label)),
  };
}

/** A box that says something the reader must see: `tone` is information, warning or danger. */
export function notice(tone, heading, ...content) {
  return h(
    "div",
    { class: `desk-notice desk-notice--${tone}` },
    heading ? h("p", { class: "desk-notice__heading" }, heading) : null,
    content,
  );
}

/** A box on top of the page that says what soon happens if nobody does anything. */
export function lastWarning(heading, text) {
  // The click is a sign of somebody, and takes the box away (`watchIdleness`).
  const box = alarm("warning", heading, h("p", {}, text), button(COMMON.goOn, () => {}));
  box.classList.add("desk-notice--floating");
  return box;
}

/** The same, said at once by a screen reader and given the focus. */
export function alarm(tone, heading, ...content) {
  const box = notice(tone, heading, ...content);
  box.setAttribute("role", "alert");
  box.tabIndex = -1;
  return box;
}
