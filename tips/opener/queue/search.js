// Searches the queue: what the heads say, and the whole text of the tips that have been opened here.
// The texts lie in the memory of this document until the key is locked.
import { referenceOf } from "../words/reference.js";

const AROUND = 50; // how many letters are shown on either side of what was found
const small = (text) => text.toLocaleLowerCase("sv");

/** Keeps what was written in a tip that has been opened. */
export function remember(desk, id, body) {
  const answers = Object.entries(body.fields).filter(([name]) => name !== "urgent");
  const files = body.attachments.map(({ name }) => name);
  desk.texts.set(id, [...answers.map(([, answer]) => answer), ...files].join("\n"));
}

const shownOf = (tip, head) => [referenceOf(tip.id), head?.excerpt ?? "", tip.register_no].join("\n");

/** All that a row is found by. */
export const wordsOf = (desk, tip, head) =>
  small(`${shownOf(tip, head)}\n${desk.texts.get(tip.id) ?? ""}`);

const asked = (search) =>
  small(search ?? "")
    .split(/\s+/)
    .filter(Boolean);

/** Whether a row is what is wished for: each of the words stands in it. */
export function matches({ tip, head, words }, wishes, desk) {
  const { state, subject, handler, urgent, search } = wishes;
  if (state && tip.state !== state) return false;
  if (subject && head?.subject !== subject) return false;
  if (urgent && !head?.urgent) return false;
  if (handler === "mine" && tip.assigned_to !== desk.queue.user) return false;
  if (handler === "none" && tip.assigned_to) return false;
  return asked(search).every((word) => words.includes(word));
}

/** Where in an opened text a word stands that the excerpt does not have; else null. */
export function snippetOf(desk, { tip, head }, search) {
  const text = desk.texts.get(tip.id);
  const shown = small(shownOf(tip, head));
  const word = text && asked(search).find((each) => !shown.includes(each));
  const at = word ? small(text).indexOf(word) : -1;
  if (at < 0) return null;
  const from = Math.max(0, at - AROUND);
  const to = at + word.length + AROUND;
  return `${from ? "… " : ""}${text.slice(from, to).trim()}${to < text.length ? " …" : ""}`;
}
