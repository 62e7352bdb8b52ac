// What handlers sign of tips: one act with one tip or many, each in the chain of its tip. The server's half is
// tips/sealing/statements.py.
import { ARRIVALS } from "../words/arrival_words.js";
import { daysBetween, quarter } from "../words/dates.js";
import { NOTES } from "../words/texts.js";
import {
  NOTHING_BEFORE,
  NotBelieved,
  Untrusted,
  encode,
  hashIn,
  hashOf,
  holds,
  members,
  read,
  signatureIn,
  signerIn,
  spell,
  toText,
} from "./trust.js";

const FORMAT = "sapo-steps/1";
export const MOST_TIPS = 500;
// What nobody does without having signed it: all but what the server notes of readings, and puts back.
export const SIGNED = new Set(
  (
    "assign forward no_action close reopen spam not_spam register hold release propose_purge withdraw_purge " +
    "purge rewrap note masked"
  ).split(" "),
);
// Of these the event tells something else than was signed: how far it came.
const TOLD_OTHERWISE = new Set(["purge", "rewrap", "note"]);
const MEMBERS = {
  act: "string",
  author: "string",
  format: "string",
  keyring: "number",
  tips: "array",
  value: "string",
  written: "string",
};
const LINK = { arrival: "string", previous: "string", tip: "string" };

/** What to send: that this handler does this with all these tips, as they are shown here. */
export async function signedAct(desk, act, tips, value = "") {
  const { key, trust, queue, arrivals } = desk;
  const ring = await trust.ring(queue ?? (await desk.api.stands()));
  if (tips.some((tip) => arrivals.hasOther(tip))) throw new NotBelieved(ARRIVALS.exchanged);
  const links = tips.map((tip) => ({
    arrival: tip.arrival?.hash ?? tip.arrival_hash,
    previous: tip.statement,
    tip: tip.id,
  }));
  const octets = spell({
    act,
    author: key.handler,
    format: FORMAT,
    keyring: ring.serial,
    tips: links.sort((one, other) => (one.tip < other.tip ? -1 : 1)),
    value,
    written: quarter(new Date()),
  });
  const { ed25519, mldsa65 } = await ownSignature(key, ring, "step", octets);
  const statement = new TextDecoder().decode(octets);
  return { statement, ed25519: toText(ed25519), mldsa65: toText(mldsa65) };
}

/** The signature of whoever's key is open; the service may have let in somebody else than the keyring has. */
export async function ownSignature(key, ring, kind, octets) {
  const signature = await key.signing.sign(kind, octets);
  const entry = ring.entries.find(({ id }) => id === key.handler);
  if (!entry?.key || !(await holds(entry.key, signature, kind, octets))) {
    throw new NotBelieved(NOTES.otherKey(key.handler));
  }
  return signature;
}

/** The members, of which none may be added here. */
function only(row, named) {
  if (Object.keys(row).length > Object.keys(named).length) throw new Untrusted("format", "more than a statement says");
  return members(row, named);
}

/** What is said, whose name that is, and of which hash; null where nobody in the keyring has signed it. */
export async function readStatement({ statement, ...halves }, ring) {
  try {
    const octets = encode(statement);
    const said = only(read(octets), MEMBERS);
    for (const link of said.tips) hashIn(only(link, LINK).previous);
    const by = signerIn(ring, said.author);
    const isIn = by && said.format === FORMAT && said.keyring <= (by.until ?? Infinity);
    if (!isIn || !(await holds(by.key, signatureIn(halves), "step", octets))) return null;
    return { said, name: by.name, hash: hashOf(octets), isHere: ring.entries.includes(by) };
  } catch {
    return null; // whatever the service answers in its place
  }
}

/** The statements that are signed by those they name, by their hashes: none where no keyring is believed. */
export async function readStatements(given, ring) {
  if (!ring) return new Map();
  const read = await Promise.all([given ?? []].flat().map((each) => readStatement(each ?? {}, ring)));
  return new Map(read.filter(Boolean).map((one) => [one.hash, one]));
}

/** Whether what the server tells of an event is what was signed, of this tip. */
function isAsSigned({ verb, actor, reason, on, to }, one, id) {
  const { said } = one;
  const isInTime = Math.abs(daysBetween(said.written.slice(0, 10), on)) <= 1;
  if (!isInTime) return false;
  if (to && to !== STATE_AFTER[verb]) return false;
  const isValue = TOLD_OTHERWISE.has(verb) || said.value === reason;
  return said.act === verb && said.author === actor && isValue && linkOf(one, id) !== undefined;
}

const linkOf = ({ said }, id) => said.tips.find(({ tip }) => tip === id);

/** The numbers of the events that nobody has signed who should have. */
export const unsigned = (events, read, idOf) =>
  events
    .filter(({ verb }) => SIGNED.has(verb))
    .filter((event) => {
      const one = read.get(event.statement);
      return !one || !isAsSigned(event, one, idOf(event));
    })
    .map(({ seq }) => seq);

/**
 * What has been signed of a tip: the numbers of the events that are not, and whether it stands otherwise than after
 * the others, or has other notes (`notes`: the id of each and the hash of what is sealed).
 */
export function judgedHistory({ tip, events }, read, notes = []) {
  const found = unsigned(events, read, () => tip.id);
  const stands = { state: "received", assigned_to: "", is_on_hold: false, register_no: "", purge_proposed_by: "" };
  const noted = [];
  let last = NOTHING_BEFORE;
  for (const { seq, verb, statement } of events) {
    if (!SIGNED.has(verb) || found.includes(seq)) continue;
    const one = read.get(statement);
    const { arrival, previous } = linkOf(one, tip.id);
    const isOfOther = tip.arrival && arrival && arrival !== tip.arrival.hash;
    if (verb === "note") noted.push(one.said.value);
    if (previous === last && !isOfOther) change(stands, one.said);
    else found.push(seq);
    last = statement;
  }
  const isWhole = noted.length === notes.length && notes.every((note) => noted.includes(note));
  return { unsigned: found, isOther: last !== tip.statement || !isAs(stands, tip) || !isWhole };
}

/** Whether what one has proposed is signed, and so is all that came after, of which nothing undoes it. */
export function stillStands({ id, proposal, statement }, read) {
  for (let hash = statement; hash !== proposal; ) {
    const one = read.get(hash);
    const link = one && linkOf(one, id);
    if (!link || UNDOES.has(one.said.act)) return false;
    hash = link.previous;
  }
  return true;
}

/** That a tip stands as its handlers have signed; whether it was read is a note of the server's. */
const isAs = ({ state, ...stands }, tip) =>
  (state === tip.state || (state === "received" && tip.state === "read")) &&
  Object.entries(stands).every(([name, value]) => tip[name] === value);

// Held to tips/handling/states.py by tests/unit/tips/test_opener_statements.py.
const STATE_AFTER = {
  assign: "assigned",
  forward: "forwarded",
  no_action: "no_action",
  close: "closed",
  reopen: "read",
  spam: "spam",
  not_spam: "read",
  purge: "purged",
};

// After these no purge is proposed any more.
const UNDOES = new Set(["reopen", "not_spam", "hold", "withdraw_purge"]);

/** What a statement changes in how a tip stands. */
export function change(stands, { act, author, value }) {
  stands.state = STATE_AFTER[act] ?? stands.state;
  if (act === "assign") stands.assigned_to = value;
  if (act === "register") stands.register_no = value;
  if (act === "propose_purge") stands.purge_proposed_by = author;
  if (act === "hold" || act === "release") stands.is_on_hold = act === "hold";
  if (act === "reopen" || act === "not_spam") stands.assigned_to = "";
  if (UNDOES.has(act)) stands.purge_proposed_by = "";
}
