// What is shown before the key has been opened.
import { h } from "../page_parts/dom.js";
import { notice } from "../page_parts/forms.js";
import { keyFields } from "./key_form.js";
import { refusalIn } from "../words/refusals.js";
import { KEY } from "../words/texts.js";

export function keyView(desk) {
  const fields = keyFields((key) => desk.unlock(key));
  const known = h("div", { class: "desk-key__known" });
  const form = h(
    "form",
    { class: "desk-form", novalidate: true, autocomplete: "off" },
    fields.elements,
    fields.actions,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    fields.open();
  });
  const view = {
    title: KEY.heading,
    elements: [
      h(
        "div",
        { class: "desk-key" },
        h(
          "div",
          { class: "desk-key__main" },
          h("h1", {}, KEY.heading),
          h("p", { class: "lead" }, KEY.lead),
          form,
        ),
        // Beside or below the form, which would otherwise move when the answer comes.
        known,
      ),
    ],
    leave: fields.forget,
    async begin() {
      let stands;
      try {
        stands = await desk.api.stands();
        desk.meet(stands);
      } catch (error) {
        if (desk.leadsToLogin(error)) return;
        if (desk.isShowing(view)) known.replaceChildren(desk.explain(error, () => view.begin()));
        return;
      }
      if (desk.isShowing(view)) known.replaceChildren(...knownOf(stands));
    },
  };
  return view;
}

/** What can be said of a queue that is still sealed: only days are known outside the seals. */
function knownOf({ alarm: { overdue }, keyring }) {
  const alarm = notice("danger", KEY.overNormal(overdue), h("p", {}, KEY.overNormalHint(overdue)));
  const { fault } = keyring;
  return [
    ...(overdue ? [alarm] : []),
    ...(fault ? [notice("danger", KEY.keyringFault, h("p", {}, refusalIn(fault)))] : []),
  ];
}
