// A form that says what is wrong by its fields, or above them, and acts once at a time.
import { h } from "./dom.js";
import { alarm, field, quiet } from "./forms.js";
import { LoggedOut, Refused } from "./server.js";
import { COMMON } from "../words/texts.js";

/** A field with what it is called in the answer, and what to say when it is empty. */
export function entry(name, label, missing, { hint = "", ...attributes } = {}) {
  const control = h("input", { ...quiet({ type: "text", name }), ...attributes });
  return { ...field(label, control, { hint }), name, missing };
}

/** The form; `act(values)` may throw what the server has refused. */
export function sheet(entries, submit, act) {
  const said = h("div", {});
  const press = h("button", { type: "submit", class: "button" }, submit);
  const form = h(
    "form",
    { class: "desk-form", novalidate: true },
    said,
    entries.map(({ element }) => element),
    h("div", { class: "desk-form__actions" }, press),
  );
  const once = oneAtATime(press, said);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const each of entries) each.fault(each.control.value.trim() ? "" : each.missing);
    const [wrong] = entries.filter(({ control }) => control.hasAttribute("aria-invalid"));
    if (wrong) {
      said.replaceChildren();
      wrong.control.focus();
      return;
    }
    const values = Object.fromEntries(entries.map(({ name, control }) => [name, control.value]));
    once(async () => {
      await act(values);
      form.reset();
    });
  });
  return form;
}

/** A button that acts, and says by itself what was refused. */
export function acting(label, act, attributes = {}, ...inside) {
  const said = h("div", {});
  const press = h(
    "button",
    { type: "button", class: "button button--quiet", ...attributes },
    label,
    inside,
  );
  const once = oneAtATime(press, said);
  press.addEventListener("click", () => once(act));
  return h("div", { class: "desk-acting" }, press, said);
}

function oneAtATime(press, said) {
  let isBusy = false;
  return async (act) => {
    if (isBusy) return;
    isBusy = true;
    press.setAttribute("aria-disabled", "true");
    said.replaceChildren();
    try {
      await act();
    } catch (error) {
      const box = alarm("danger", null, h("p", {}, reason(error)));
      said.replaceChildren(box);
      box.focus();
    } finally {
      isBusy = false;
      press.removeAttribute("aria-disabled");
    }
  };
}

/** What to say of an error, in words for the one who asked. */
export function reason(error) {
  if (error instanceof Refused) return error.message;
  return error instanceof LoggedOut ? COMMON.loggedOut : COMMON.unreachable;
}
