// What handlers write to each other on a tip: the section of it on the tip's page.
import { behindBox } from "../trust/behind.js";
import { believedRing } from "../trust/desk_trust.js";
import { h } from "../page_parts/dom.js";
import { field, quiet } from "../page_parts/forms.js";
import { noteItem } from "./note_item.js";
import { judgedRows, writeNote } from "./note_writing.js";
import { LONGEST_NOTE, signable } from "./signed_note.js";
import { NOTES } from "../words/texts.js";

export function notesSection(desk, view, answer, renew) {
  const { key, trust, drafts } = desk;
  const { tip } = answer;
  const question = h("div", {});
  const list = h("div", { class: "desk-notes__list" });
  const text = h("textarea", quiet({ rows: 5 }));
  text.value = drafts.get(tip.id) ?? "";
  text.addEventListener("input", () => drafts.set(tip.id, text.value));
  const textField = field(NOTES.label, text, { hint: NOTES.hint });
  const fault = h("div", {});
  const submit = h("button", { type: "submit", class: "button" }, NOTES.save);
  const form = h(
    "form",
    { class: "desk-form", novalidate: true, autocomplete: "off" },
    textField.element,
    fault,
    h("div", { class: "desk-form__actions" }, submit),
  );

  const answered = () => {
    question.replaceChildren();
    text.focus();
  };
  const showNotes = async () => {
    const ring = await believedRing(desk);
    const { rows, found, heard } = await judgedRows(key, answer, ring);
    if (desk.key !== key) return;
    if (heard) trust.hear(heard);
    hearNumbers(desk, found, rows);
    question.replaceChildren(...(ring ? behindBox(trust, ring, answered) : []));
    list.replaceChildren(
      found.length
        ? h(
            "ol",
            { class: "desk-notes" },
            found.map((one, at) => noteItem(one, rows[at])),
          )
        : h("p", { class: "desk-quiet" }, NOTES.none),
    );
  };
  const show = async () => {
    try {
      await showNotes();
    } catch (error) {
      if (desk.key === key) list.replaceChildren(desk.explain(error, show));
    }
  };
  show();

  let isSaving = false;
  const save = async () => {
    if (isSaving) return;
    const written = signable(text.value);
    const blame = !written.trim()
      ? NOTES.empty
      : text.value.length > LONGEST_NOTE
        ? NOTES.tooLong(LONGEST_NOTE)
        : "";
    textField.fault(blame);
    fault.replaceChildren();
    if (blame) {
      text.focus();
      return;
    }
    isSaving = text.readOnly = true; // what is written now would be lost
    submit.setAttribute("aria-disabled", "true");
    desk.say(NOTES.saving);
    try {
      const now = await writeNote(desk, answer, written);
      text.value = "";
      drafts.delete(tip.id);
      if (desk.isShowing(view)) {
        renew(now);
        await show();
        desk.say(NOTES.saved);
      }
    } catch (error) {
      desk.say("");
      const box = desk.explain(error);
      fault.replaceChildren(box);
      box.focus();
    }
    isSaving = text.readOnly = false;
    submit.removeAttribute("aria-disabled");
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  return h(
    "section",
    { class: "desk-tip__notes", "aria-labelledby": "anteckningar" },
    h("h2", { id: "anteckningar" }, NOTES.heading),
    question,
    list,
    form,
  );
}

/** What the writers had seen of the tips that came in; what is missing here is said above the queue. */
function hearNumbers({ arrivals }, found, rows) {
  for (const [at, { standing }] of found.entries()) {
    // What cannot be asked now is asked when the queue is shown.
    if (standing === "whole") arrivals.hear(rows[at].note.said.seen).catch(() => {});
  }
}
