// The notes of a tip in a bundle, judged by the keyring that came along and the key file's root.
import { h } from "../page_parts/dom.js";
import { judged } from "../tip/note_chain.js";
import { noteItem } from "../tip/note_item.js";
import { openNote } from "../tip/signed_note.js";
import { NOTES } from "../words/texts.js";

const FILE = /^notes\/(.+)\.age$/;

/** The section with the tip's notes; null where it has none. `arrival` is the hash of its signed arrival. */
export async function notesIn(bundle, key, tip, { ring, arrival }) {
  const rows = [];
  for (const name of tip.files.keys()) {
    const [, id] = FILE.exec(name) ?? [];
    if (id) rows.push({ id, note: await opened(bundle, key, tip, name), on: "" });
  }
  if (!rows.length) return null;
  const { found } = await judged(rows, { tip: tip.id, ring, arrival });
  return h(
    "section",
    { "aria-labelledby": "anteckningar" },
    h("h2", { id: "anteckningar" }, NOTES.heading),
    h(
      "ol",
      { class: "desk-notes" },
      found.map((one, at) => noteItem(one, rows[at])),
    ),
  );
}

async function opened(bundle, key, tip, name) {
  let sealed;
  try {
    sealed = await bundle.read(tip, name);
  } catch {
    return "damaged"; // not as the bundle lists it
  }
  return await openNote(key, sealed);
}
