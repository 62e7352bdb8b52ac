// Signers and keyrings, believed or not: the server's half is tips/sealing/keyring.py.
import { isId, isName, looksOf } from "./likeness.js";
import {
  NOTHING_BEFORE,
  Untrusted,
  encode,
  fromText,
  hashIn,
  hashOf,
  members,
  publicKey,
  read,
  readSignatures,
} from "./trust.js";

const PIN = /^([1-9][0-9]{0,5}):([0-9a-f]{64})$/;
const DAY = 24 * 60 * 60 * 1000;
const LONGEST_LIFE = 200;
/** How many days the form goes on after the last. */
export const GRACE = 14;
const MOST_ENTRIES = 40;
export const MOST_PASSKEYS = 4;
const MOST_INTAKES = 4;
const LONGEST_NAME = 100;
export const LONGEST_WALK = 64;
const STRING = "string";
const KEY = { ed25519: STRING, mldsa65: STRING };

/** Which signers are believed, from "1:" and a hash. */
export function pinOf(text) {
  const found = PIN.exec(text.trim());
  if (!found) throw new Untrusted("pin", "a root is written as 1: and a hash");
  return { number: Number(found[1]), hash: found[2] };
}

// What the files say

export function parseSigners(octets) {
  const content = members(read(octets), {
    format: STRING,
    made_on: STRING,
    number: "number",
    previous: STRING,
    signers: "array",
    threshold: "number",
  });
  unless(content.format === "sapo-signers/1" && content.threshold === 2, "format");
  const people = content.signers.map((row) => {
    const person = members(row, { ...KEY, id: STRING, name: STRING });
    const key = publicKey(person);
    unless(key.id === person.id, "id of a signer");
    return { name: nameIn(person.name), key };
  });
  unless(people.length === 3, "three signers");
  inOrder(people.map(({ key }) => key.id));
  unless(areDistinct(people.map(({ name }) => folded(name))), "names of signers");
  const { number, previous } = content;
  unless(number >= 1 && (number === 1) === (hashIn(previous) === NOTHING_BEFORE), "number");
  dayIn(content.made_on);
  return { number, previous, people, keys: people.map(({ key }) => key), hash: hashOf(octets), octets };
}

export function parseKeyring(octets) {
  const content = members(
    read(octets),
    {
      entries: "array",
      format: STRING,
      former: "array",
      intake: "array",
      made_on: STRING,
      not_after: STRING,
      previous: STRING,
      serial: "number",
      signers: STRING,
    },
    { demo: "boolean" },
  );
  unless(content.format === "sapo-keyring/3" && content.demo !== false, "format");
  const { serial } = content;
  const ring = {
    serial,
    previous: hashIn(content.previous),
    signers: hashIn(content.signers),
    madeOn: dayIn(content.made_on),
    notAfter: dayIn(content.not_after),
    firstDay: content.made_on,
    lastDay: content.not_after,
    entries: content.entries.map(entryIn),
    former: content.former.map(formerIn),
    intake: content.intake.map(intakeIn),
    isDemo: Boolean(content.demo),
    hash: hashOf(octets),
    octets,
  };
  checkWhole(ring);
  return ring;
}

function entryIn(row) {
  const named = { id: STRING, kind: STRING, name: STRING, recipient: STRING, since: STRING };
  const entry = members(row, named, { ...KEY, follows: STRING, passkeys: "array" });
  unless(["handler", "vault"].includes(entry.kind), "kind");
  const key = keyIn(entry);
  unless((entry.kind === "handler") === (key !== null), "a handler signs, a vault does not");
  unless(/^age1pq1[a-z0-9]{1900,2100}$/.test(entry.recipient), "recipient");
  unless((key !== null) === Boolean(entry.passkeys), "a handler has passkeys, a vault does not");
  unless(entry.follows === undefined || (key && entry.follows), "whom one follows");
  dayIn(entry.since);
  return { ...entry, name: personIn(entry.name), key, passkeys: (entry.passkeys ?? []).map(passkeyIn) };
}

/** What an entry says that asks to be a handler's; Untrusted where it is another's, or none. */
export function handlerIn(row) {
  const entry = entryIn(row);
  unless(entry.kind === "handler" && isId(entry.id) && entry.passkeys.length <= MOST_PASSKEYS, "handler");
  inOrder(entry.passkeys.map(({ credential }) => credential));
  return entry;
}

function passkeyIn(row) {
  const { credential, key } = members(row, { credential: STRING, key: STRING });
  fromText(credential, 16, 1023);
  fromText(key, 32, 512);
  return { credential, key };
}

function formerIn(row) {
  const gone = members(row, { id: STRING, name: STRING, until: "number" }, KEY);
  return { ...gone, name: personIn(gone.name), key: keyIn(gone) };
}

function intakeIn(row) {
  const each = members(row, { ...KEY, key: STRING, since: STRING });
  const key = publicKey(each);
  unless(key.id === each.key, "id of an intake");
  dayIn(each.since);
  return { key };
}

function checkWhole({ entries, former, intake, serial, previous, madeOn, notAfter }) {
  unless(entries.length >= 1 && entries.length <= MOST_ENTRIES, "entries");
  unless(intake.length >= 1 && intake.length <= MOST_INTAKES, "intakes");
  unless(serial > 1 || (serial === 1 && previous === NOTHING_BEFORE), "serial");
  unless(madeOn <= notAfter && notAfter - madeOn <= LONGEST_LIFE * DAY, "last day");
  inOrder(entries.map(({ id }) => id));
  inOrder(former.map(({ id }) => id));
  inOrder(intake.map(({ key }) => key.id));
  const ids = [...entries, ...former].map(({ id }) => id);
  unless(areDistinct(ids) && ids.every(isId), "ids");
  checkLikeness(entries, former);
  unless(areDistinct(entries.map(({ recipient }) => recipient)), "recipients");
  unless(former.every(({ until }) => until >= 1 && until < serial), "until");
  const keys = [...entries, ...former, ...intake].map(({ key }) => key?.id).filter(Boolean);
  unless(areDistinct(keys), "keys");
  for (const { passkeys } of entries) {
    unless(passkeys.length <= MOST_PASSKEYS, "passkeys");
    inOrder(passkeys.map(({ credential }) => credential));
  }
  unless(areDistinct(entries.flatMap(({ passkeys }) => passkeys.map(({ credential }) => credential))), "passkeys");
}

/** That nobody is called what another is or was called, by sight, but who follows that one. */
function checkLikeness(entries, former) {
  const gone = new Map(former.map((each) => [each.id, each]));
  const followed = entries.map(({ follows }) => follows).filter(Boolean);
  unless(areDistinct(followed) && followed.every((id) => gone.has(id)), "follows");
  const seen = [];
  for (const entry of entries) {
    unless(!areAlike(looks(entry), seen), "names");
    seen.push(...looks(entry));
    const before = entry.follows ? looks(gone.get(entry.follows)) : [];
    const others = former.map(looks).filter((each) => !areAlike(each, before));
    unless(!areAlike(looks(entry), others.flat()), "names");
  }
}

const looks = ({ name, id }) => [...looksOf(name), ...looksOf(id)];
const areAlike = (some, others) => some.some((each) => others.includes(each));

// What is believed

/** The signers from the lowest pin on; every pin must be on their one chain. */
export async function walk(pins, files) {
  const first = pins.reduce((one, other) => (other.number < one.number ? other : one));
  const chain = [];
  for (let number = first.number; files.has(number); number += 1) {
    if (chain.length > LONGEST_WALK) throw new Untrusted("chain", "too long");
    const { octets, signatures } = files.get(number);
    const signers = parseSigners(octets);
    unless(signers.number === number, "number", "chain");
    if (chain.length) await checkStep(signatures, signers, chain.at(-1));
    chain.push(signers);
  }
  for (const { number, hash } of pins) {
    const pinned = chain.find((signers) => signers.number === number);
    unless(pinned?.hash === hash, "the signers are not the pinned ones", "root");
  }
  return chain;
}

async function checkStep(signatures, signers, old) {
  const known = [...signers.keys, ...old.keys];
  const signed = await readSignatures(signatures, "signers", signers.octets, known, 1);
  const count = (keys) => new Set(keys.map(({ id }) => id).filter((id) => signed.has(id))).size;
  unless(signers.previous === old.hash, "previous", "chain");
  unless(count(signers.keys) === 3 && count(old.keys) >= 2, "too few have signed", "few");
}

/** The keyring that two of three have signed, from the pins on: what the server says is material.
 *
 * `files` are texts by their names in the trust folder. Without `today` it may be out of date: then
 * it tells who has signed, and is not sealed to. A clock that nobody looks after may be some days off.
 */
export async function believed(files, pins, { seen = null, today = null, daysOff = 0 } = {}) {
  const octetsOf = (name, code = "missing") => {
    if (!Object.hasOwn(files, name)) throw new Untrusted(code, name);
    return encode(files[name]);
  };
  const signers = new Map();
  for (const name of Object.keys(files)) {
    const [, number] = /^signers-([1-9][0-9]{0,5})\.json$/.exec(name) ?? [];
    if (!number) continue;
    const signatures = octetsOf(`${name}.sig`, "signers");
    signers.set(Number(number), { octets: octetsOf(name), signatures });
  }
  const chain = await walk(pins, signers);
  const ring = parseKeyring(octetsOf("keyring.json"));
  const by = chain.find(({ hash }) => hash === ring.signers);
  unless(by, "other signers", "signers");
  // Those before a root that is pinned here sign no more.
  unless(pins.every(({ number }) => by.number >= number), "former signers", "signers");
  const signatures = octetsOf(`keyring-${ring.serial}.json.sig`, "unsigned");
  await readSignatures(signatures, "keyring", ring.octets, by.keys, 2);
  if (seen) checkSeen(ring, by.number, seen, octetsOf);
  if (today) checkDay(ring, Date.parse(today), daysOff * DAY);
  return { ring: { ...ring, root: by.number, by: by.people }, seen: { serial: ring.serial, hash: ring.hash, signers: by.number } };
}

function checkDay({ madeOn, notAfter }, today, off) {
  unless(madeOn <= today + DAY + off, "made on a day to come", "early");
  unless(today <= notAfter + GRACE * DAY + off, "out of date", "expired");
}

/** The keyring and those before it, by their serials, as far as the files are there and linked. */
export function withThoseBefore(ring, files) {
  const found = new Map([[ring.serial, ring]]);
  let last = ring;
  const isThere = () => Object.hasOwn(files, `keyring-${last.serial - 1}.json`);
  while (last.previous !== NOTHING_BEFORE && isThere()) {
    const before = parseKeyring(encode(files[`keyring-${last.serial - 1}.json`]));
    unless(before.hash === last.previous, "not the one that was followed", "link");
    found.set(before.serial, before);
    last = before;
  }
  return found;
}

function checkSeen(ring, signers, seen, octetsOf) {
  unless(ring.serial >= seen.serial && signers >= seen.signers, "older", "older");
  if (ring.serial === seen.serial) {
    unless(ring.hash === seen.hash, "another one with the same serial", "twin");
    return;
  }
  let { previous } = ring;
  for (let serial = ring.serial - 1; serial > seen.serial; serial -= 1) {
    const octets = octetsOf(`keyring-${serial}.json`, "link");
    unless(hashOf(octets) === previous, "not the one that was followed", "link");
    ({ previous } = parseKeyring(octets));
  }
  unless(previous === seen.hash, "does not follow what has been seen", "link");
}

// Their parts

function keyIn(row) {
  unless("ed25519" in row === "mldsa65" in row, "half a key");
  return "ed25519" in row ? publicKey(row) : null;
}

function nameIn(name) {
  unless(name.trim() && name === name.trim() && [...name].length <= LONGEST_NAME, "name");
  return name;
}

function personIn(name) {
  unless(isName(name), "name");
  return name;
}

export function dayIn(text) {
  const at = /^(?!0000|9)\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  unless(!Number.isNaN(at) && new Date(at).toISOString().startsWith(text), "day");
  return at;
}

const folded = (name) => name.toUpperCase().toLowerCase();
const areDistinct = (values) => new Set(values).size === values.length;

function inOrder(ids) {
  unless(ids.join() === [...new Set(ids)].sort().join(), "order");
}

function unless(isSo, what, code = "format") {
  if (!isSo) throw new Untrusted(code, what);
}
