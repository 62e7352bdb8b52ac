// What handlers write to each other on a tip: sealed before it is sent, opened after it has come.
import { written } from "./dates.js";
import { foreign, h, randomId } from "./dom.js";
import { openNote, sealNote } from "./envelope.js";
import { field, quiet } from "./forms.js";
import { sealedFault } from "./shown.js";
import { NOTES } from "./texts.js";
import { Conflict } from "./server.js";
import { toBase64 } from "./age.js";

const LONGEST = 20_000;

export function notesSection(desk, view, { tip, notes }) {
  const { key, drafts } = desk;
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

  const showNotes = async (sealed) => {
    const items = await Promise.all(sealed.map((note) => noteItem(desk, key, note)));
    list.replaceChildren(
      items.length
        ? h("ol", { class: "desk-notes" }, items)
        : h("p", { class: "desk-quiet" }, NOTES.none),
    );
  };
  showNotes(notes);

  let isSaving = false;
  const save = async () => {
    if (isSaving) return;
    const blame = !text.value.trim()
      ? NOTES.empty
      : text.value.length > LONGEST
        ? NOTES.tooLong(LONGEST)
        : "";
    textField.fault(blame);
    fault.replaceChildren();
    if (blame) {
      text.focus();
      return;
    }
    isSaving = true;
    submit.setAttribute("aria-disabled", "true");
    desk.say(NOTES.saving);
    try {
      const answer = await sent(desk, tip.id, text.value);
      text.value = "";
      drafts.delete(tip.id);
      if (desk.isShowing(view)) {
        await showNotes(answer.notes);
        desk.say(NOTES.saved);
      }
    } catch (error) {
      desk.say("");
      const box = desk.explain(error);
      fault.replaceChildren(box);
      box.focus();
    }
    isSaving = false;
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
    list,
    form,
  );
}

/** Seals the note and sends it; once more where the keyring turns out to have changed. */
async function sent(desk, id, text) {
  const send = async () => {
    const { user } = desk.queue;
    const ring = await desk.trust.ring(desk.queue);
    const note = { text, author: user, written: wallClock() };
    const recipients = ring.entries.map(({ recipient }) => recipient);
    const sealed = toBase64(await sealNote(note, recipients));
    return await desk.api.note(id, { id: randomId(), sealed, keyring_serial: ring.serial });
  };
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    desk.queue = await desk.api.queue(Boolean(desk.wishes.withClosed));
    return await send();
  }
}

/** The time now in Stockholm, to the minute. */
const wallClock = () =>
  new Date()
    .toLocaleString("sv-SE", {
      timeZone: "Europe/Stockholm",
      dateStyle: "short",
      timeStyle: "short",
    })
    .replace(" ", "T");

async function noteItem(desk, key, note) {
  let opened;
  try {
    opened = await openNote(key, note.sealed);
  } catch (error) {
    opened = { fault: sealedFault(error) };
  }
  const name = desk.nameOf(note.author);
  const signed = opened.author && opened.author !== note.author;
  return h(
    "li",
    { class: "desk-notes__note" },
    h(
      "p",
      { class: "desk-notes__about" },
      h("strong", {}, name),
      " ",
      h(
        "time",
        { class: "desk-quiet", datetime: note.written_on },
        written(opened.written ?? note.written_on),
      ),
      signed
        ? [" ", h("span", { class: "desk-badge desk-badge--warning" }, NOTES.signed(opened.author))]
        : null,
    ),
    opened.fault
      ? h("p", { class: "desk-table__fault" }, opened.fault)
      : foreign(opened.text, "div"),
  );
}
