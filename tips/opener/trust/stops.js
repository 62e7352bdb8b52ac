// A stop keeps a handler out until the next keyring. The server's half is tips/sealing/stops.py; both read the vectors in
// tests/vectors/stops.json.
import { dayAfter } from "../words/dates.js";
import { isId } from "./likeness.js";
import { dayIn } from "./keyring.js";
import { Untrusted, encode, hashIn, members, read, readSignatures, spell, spellSignatures } from "./trust.js";

const STRING = "string";
const MEMBERS = { format: STRING, handler: STRING, keyring: STRING, made_on: STRING, reason: STRING };
const HANDLERS = 2;
/** Why, as codes: what they are called stands in the page. */
export const STOP_REASONS = ["key_lost", "acts_alone", "left", "other"];
const STANDS_FOR = 14; // days
const LAID_WITHIN = 1; // days: so long half of one waits

/** What the octets say; Untrusted unless they are the only spelling of a stop. */
export function readStop(octets) {
  const said = members(read(octets), MEMBERS);
  unless(said.format === "sapo-stop/1" && STOP_REASONS.includes(said.reason), "format");
  unless(isId(said.handler), "format");
  hashIn(said.keyring);
  dayIn(said.made_on);
  return said;
}

/** What was signed, of somebody in this ring, and by whom: handlers, or one of its signers; Untrusted otherwise. */
export async function signedStop(text, signatures, ring) {
  const octets = encode(text);
  const said = readStop(octets);
  unless(said.keyring === ring.hash, "link");
  const handlers = ring.entries.filter(({ key }) => key);
  unless(handlers.some(({ id }) => id === said.handler), "unknown");
  const others = handlers.filter(({ id }) => id !== said.handler);
  const signed = (kind, people, most) => by(encode(signatures), { kind, people, most, octets });
  try {
    const names = await signed("step", others, HANDLERS);
    return { said, by: names, isWhole: names.length === HANDLERS };
  } catch (error) {
    if (error.code !== "other") throw error;
  }
  return { said, by: await signed("account", ring.by, 1), isWhole: true };
}

async function by(file, { kind, people, most, octets }) {
  const keys = people.map(({ key }) => key);
  const signed = await readSignatures(file, kind, octets, keys, 1);
  unless(signed.size <= most, "many");
  return people.filter(({ key }) => signed.has(key.id));
}

/** Those of the rows that count today, with the last day of each, and whether the server has given others. */
export async function stopsOf(rows, ring, today) {
  const stops = [];
  for (const { text, signatures } of rows) {
    try {
      const stop = await signedStop(text, signatures, ring);
      const { made_on: from } = stop.said;
      const lastDay = dayAfter(from, stop.isWhole ? STANDS_FOR : LAID_WITHIN);
      unless(dayAfter(from, -LAID_WITHIN) <= today && today <= lastDay, "early");
      stops.push({ ...stop, text, lastDay });
    } catch (error) {
      if (!(error instanceof Untrusted || error instanceof TypeError)) throw error;
    }
  }
  return { stops, areUnfit: stops.length < rows.length };
}

/** This handler's half of what the text says, which is read before it is signed; Untrusted where it is none. */
export async function halfOf(text, { handler, signing }, ring) {
  const entry = ring.entries.find(({ id }) => id === handler);
  unless(entry?.key, "unknown");
  const octets = encode(text);
  const signatures = new TextDecoder().decode(
    spellSignatures("step", octets, entry.key.id, await signing.sign("step", octets)),
  );
  await signedStop(text, signatures, ring);
  return { text, signatures };
}

export const stopText = (said) => new TextDecoder().decode(spell({ ...said, format: "sapo-stop/1" }));

function unless(isSo, code) {
  if (!isSo) throw new Untrusted(code, "a stop that may not be");
}
