// Opens and judges the notes on a tip, and writes the next: signed, and sealed to the keyring that
// was checked here, whatever the server says of recipients.
import { toBase64 } from "../age/age.js";
import { quarter } from "../words/dates.js";
import { NotBelieved } from "../trust/desk_trust.js";
import { randomId, shown } from "../page_parts/dom.js";
import { queueNow } from "../queue/kept_queue.js";
import { judged } from "./note_chain.js";
import { Conflict } from "../page_parts/server.js";
import { openNote, sealNote, signNote } from "./signed_note.js";
import { NOTES } from "../words/texts.js";
import { holds } from "../trust/trust.js";

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

/** Writes the text as the next note, after those that others have written; the tip's history then. */
export async function writeNote(desk, answer, text) {
  const { key, trust } = desk;
  await shown(); // the first signature takes a moment, during which nothing moves
  for (let left = TRIES; ; left -= 1) {
    const ring = await trust.ringToSeal(desk.queue);
    try {
      const { notes, events } = await send(desk, key, answer, ring, text);
      answer.notes = notes;
      return events;
    } catch (error) {
      if (!(error instanceof Conflict) || !left) throw error;
      if (error.answer.notes) answer.notes = error.answer.notes;
      else desk.queue = await queueNow(desk);
    }
  }
}

async function send({ api, arrivals }, key, answer, ring, text) {
  const { tip } = answer;
  const { newest } = arrivals;
  const { next } = await judgedRows(key, answer, ring);
  if (next.isUnknown) throw new NotBelieved(NOTES.closedBefore);
  const said = {
    arrival: tip.arrival?.hash ?? "",
    author: key.handler,
    id: randomId(),
    keyring: ring.serial,
    place: next.place,
    previous: next.previous,
    root: ring.root,
    seen: newest ? [newest.epoch, newest.counter, newest.hash] : [],
    text,
    tip: tip.id,
    written: quarter(new Date()),
  };
  const signed = await signNote(said, key.signing);
  const entry = ring.entries.find(({ id }) => id === key.handler);
  // The service may have let in somebody else than the keyring has.
  if (!entry?.key || !(await holds(entry.key, signed.signature, "note", signed.octets))) {
    throw new NotBelieved(NOTES.otherKey(key.handler));
  }
  const recipients = ring.entries.map(({ recipient }) => recipient);
  const sealed = toBase64(await sealNote(signed, recipients));
  const { id, place } = said;
  return await api.note(tip.id, { id, place, sealed, keyring_serial: ring.serial });
}
