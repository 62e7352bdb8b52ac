// A note, before it is sealed and after it was opened. The server knows nothing of what is in it.
import { WrongKey, fromBase64, seal } from "../age/age.js";
import {
  Untrusted,
  encode,
  hashIn,
  hashOf,
  members,
  read,
  signatureIn,
  spell,
  toText,
} from "../trust/trust.js";

export const LONGEST_NOTE = 20_000;
const NOTE_CLASS = 1024;
const NOTE_FORMAT = "sapo-note/2";
const TEXT_FORMAT = "sapo-note-text/2";
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ID = /^[a-z0-9-]{2,32}$/;
const EPOCH = /^[0-9a-f]{32}$/;
const WHEN = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):(00|15|30|45)$/;
const [STRING, NUMBER] = ["string", "number"];
const MEMBERS = {
  arrival: STRING,
  author: STRING,
  format: STRING,
  id: STRING,
  keyring: NUMBER,
  place: NUMBER,
  previous: STRING,
  root: NUMBER,
  seen: "array",
  text: STRING,
  tip: STRING,
  written: STRING,
};
// What a signed text may not hold: it could not be seen.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu;

/** The text as it can be signed: composed, and without what cannot be seen. */
export const signable = (text) =>
  text
    .normalize("NFC")
    .split(/\r\n?|\n/)
    .map((line) => line.replaceAll("\t", " ").replace(UNSEEN, ""))
    .join("\n");

/** What the note says, as it is signed. */
export const spellNote = (said) => spell({ ...said, format: TEXT_FORMAT });

/** The note sealed to all recipients; its length tells only how many kilobytes it is. */
export async function sealNote({ octets, signature }, recipients) {
  const whole = spell({
    ed25519: toText(signature.ed25519),
    format: NOTE_FORMAT,
    mldsa65: toText(signature.mldsa65),
    note: new TextDecoder().decode(octets),
  });
  const padded = new Uint8Array(Math.ceil(whole.length / NOTE_CLASS) * NOTE_CLASS).fill(0x20);
  padded.set(whole);
  return await seal(padded, recipients);
}

/** The note under the seal; "closed" where that is for other keys, "damaged" where it is no signed note. */
export async function openNote(key, sealed) {
  try {
    const octets = typeof sealed === "string" ? fromBase64(sealed) : sealed;
    return readNote(await key.unseal(octets));
  } catch (error) {
    return error instanceof WrongKey ? "closed" : "damaged";
  }
}

/** The signed note that was sealed. */
export function readNote(plain) {
  const octets = plain.subarray(0, plain.findLastIndex((octet) => octet !== 0x20) + 1);
  const named = { ed25519: STRING, format: STRING, mldsa65: STRING, note: STRING };
  const whole = members(read(octets, { longest: Infinity, lines: true }), named);
  unless(whole.format === NOTE_FORMAT);
  const inside = encode(whole.note);
  const said = members(read(inside, { longest: LONGEST_NOTE, lines: true }), MEMBERS);
  check(said);
  return { said, octets: inside, hash: hashOf(inside), signature: signatureIn(whole) };
}

function check({ format, author, id, tip, written, keyring, root, place, ...hashes }) {
  unless(format === TEXT_FORMAT && ID.test(author) && UUID.test(id) && UUID.test(tip));
  unless(WHEN.test(written) && Math.min(keyring, root, place) >= 1);
  const { previous, arrival, seen } = hashes;
  hashIn(previous);
  if (arrival) hashIn(arrival);
  if (!seen.length) return;
  const [epoch, counter, hash] = seen;
  unless(seen.length === 3 && typeof epoch === STRING && EPOCH.test(epoch));
  unless(typeof counter === NUMBER && counter >= 1 && typeof hash === STRING);
  hashIn(hash);
}

function unless(isSo) {
  if (!isSo) throw new Untrusted("format", "a note says what it may not");
}
