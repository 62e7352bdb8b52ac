// What the intake has signed of each tip: the server's half is tips/sealing/arrivals.py.
import {
  Untrusted,
  encode,
  fromText,
  hashIn,
  hashOf,
  holds,
  members,
  quickHalfHolds,
  read,
} from "../trust/trust.js";

export const NO_TIP = "00000000-0000-0000-0000-000000000000";
const STRING = "string";
const EPOCH = /^[0-9a-f]{32}$/;
const WAYS = ["browser", "form", "command", "epoch"];
const MEMBERS = {
  counter: "number",
  digest: STRING,
  epoch: STRING,
  format: STRING,
  head: STRING,
  key: STRING,
  keyring: "number",
  on: STRING,
  previous: STRING,
  tip: STRING,
  way: STRING,
};

export function parseArrival(octets) {
  const found = members(read(octets), MEMBERS);
  for (const hash of [found.digest, found.head, found.previous]) hashIn(hash);
  const isWhole =
    found.format === "sapo-arrival/1" &&
    WAYS.includes(found.way) &&
    EPOCH.test(found.epoch) &&
    found.counter >= 1 &&
    /^\d{4}-\d\d-\d\d$/.test(found.on) &&
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(found.tip) &&
    (found.tip === NO_TIP) === (found.way === "epoch");
  if (!isWhole) throw new Untrusted("format", "no arrival");
  return { ...found, hash: hashOf(octets) };
}

/**
 * The key of the intake that the arrival's own keyring names; `rings` are by their serials. For one
 * older than all that are known, as after a new root, the oldest of these speaks.
 */
function keyOf(arrival, rings) {
  const serial = Math.max(arrival.keyring, Math.min(...rings.keys()));
  const key = rings.get(serial)?.intake.find((each) => each.key.id === arrival.key)?.key;
  if (!key) throw new Untrusted("unknown", "somebody else has signed");
  return key;
}

/** The arrival, as far as the half of its signature says that costs little. */
export async function quicklyChecked({ message, ed25519 }, rings) {
  const octets = encode(message);
  const arrival = parseArrival(octets);
  const half = fromText(ed25519, 64);
  if (!(await quickHalfHolds(keyOf(arrival, rings), half, "arrival", octets))) {
    throw new Untrusted("signature", "does not hold");
  }
  return arrival;
}

/**
 * The arrival of a tip with this content; Untrusted unless all that came is as the intake has signed.
 * What the sender says of it, in the body, may be false: then it is told, and the signed one counts.
 * `digestThere()` is of the files themselves; without it the body's list of them must be true.
 */
export async function checkedArrival({ message, ed25519, mldsa65 }, rings, content, way, digestThere) {
  const octets = encode(message);
  const arrival = parseArrival(octets);
  const signature = { ed25519: fromText(ed25519, 64), mldsa65: fromText(mldsa65, 3309) };
  if (!(await holds(keyOf(arrival, rings), signature, "arrival", octets))) {
    throw new Untrusted("signature", "does not hold");
  }
  const { id, digest, head } = content;
  const isSame = arrival.tip === id && arrival.head === head;
  const isListed = arrival.digest === digest;
  if (!isSame || !(isListed || arrival.digest === (await digestThere?.()))) {
    throw new Untrusted("content", "another tip");
  }
  return { arrival, isMislisted: !isListed, isOtherWay: Boolean(way) && way !== arrival.way };
}
