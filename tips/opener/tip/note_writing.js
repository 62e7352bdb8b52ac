// Opens and judges the notes on a tip, and writes the next: signed, and sealed to the keyring that
// was checked here, whatever the server says of recipients.
import { payloadOf, toBase64 } from "../age/age.js";
import { quarter } from "../words/dates.js";
import { shown } from "../page_parts/dom.js";
import { queueNow } from "../queue/kept_queue.js";
import { judged } from "./note_chain.js";
import { Conflict } from "../page_parts/server.js";
import { openNote, sealNote, spellNote } from "./signed_note.js";
import { ownSignature, signedAct } from "../trust/statement.js";
import { NOTES } from "../words/texts.js";
import { NotBelieved, hashOf } from "../trust/trust.js";

const TRIES = 5; // each new one means that somebody else has written

/** The notes in an answer about the tip, opened, and what each of them proves. */
export async function judgedRows(key, { tip, notes }, ring) {
  const rows = await Promise.all(
    notes.map(async ({ id, author, written_on, sealed }) => ({
      id,
      account: author,
      on: written_on,
      note: await openNote(key, sealed),
    })),
  );
  const arrival = tip.arrival?.hash;
  return { rows, ...(await judged(rows, { tip: tip.id, ring, arrival })) };
}

/** Writes the text as the next note, after those that others have written; how the tip stands then. */
export async function writeNote(desk, answer, text) {
  const { key, trust } = desk;
  await shown(); // the first signature takes a moment, during which nothing moves
  for (let left = TRIES; ; left -= 1) {
    const ring = await trust.ringToSeal(desk.queue);
    try {
      const now = await send(desk, key, answer, ring, text);
      answer.notes = now.notes;
      return now;
    } catch (error) {
      if (!(error instanceof Conflict) || !left) throw error;
      const { notes, tip } = error.answer;
      if (notes) Object.assign(answer, { notes, tip: { ...tip, arrival: answer.tip.arrival } });
      else desk.queue = await queueNow(desk);
    }
  }
}

async function send(desk, key, answer, ring, text) {
  const { api, arrivals } = desk;
  const { tip } = answer;
  const { newest } = arrivals;
  const { next } = await judgedRows(key, answer, ring);
  if (next.isUnknown) throw new NotBelieved(NOTES.closedBefore);
  const said = {
    arrival: tip.arrival?.hash ?? "",
    author: key.handler,
    id: crypto.randomUUID(),
    keyring: ring.serial,
    place: next.place,
    previous: next.previous,
    root: ring.root,
    seen: newest ? [newest.epoch, newest.counter, newest.hash] : [],
    text,
    tip: tip.id,
    written: quarter(new Date()),
  };
  const octets = spellNote(said);
  const signature = await ownSignature(key, ring, "note", octets);
  const recipients = ring.entries.map(({ recipient }) => recipient);
  const sealed = await sealNote({ octets, signature }, recipients);
  const { id, place } = said;
  // Beside what is under the seal: that a note was written here, which whoever comes after can miss.
  const signed = await signedAct(desk, "note", [tip], `${id} ${hashOf(payloadOf(sealed))}`);
  const note = { id, place, sealed: toBase64(sealed), keyring_serial: ring.serial };
  return await api.note(tip.id, { ...note, ...signed });
}
