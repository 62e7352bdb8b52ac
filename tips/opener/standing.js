// What the page of the form asks for before anything is written: the keyring, and how the form stands.
import { today } from "./dates.js";
import { LONGEST_WALK, believed, parseKeyring, pinOf } from "./keyring.js";
import { Untrusted, encode, hashOf } from "./trust.js";

const KEYS = "/tipsa/nycklar/";
const STANDING = "/tipsa/formular/lage.json";
// A visitor's clock may be wrong; the server's is not, and it refuses to the day.
const DAYS_OFF = 7;
// Whoever waits longer is told to call.
const LONGEST_WAIT = 20_000;
const QUARTER = 15 * 60 * 1000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TOKEN = /^[\w-]{40,200}$/;
const NOW = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** No answer, or none that can be understood. */
export class Unreachable extends Error {}
/** The form is closed. */
export class Shut extends Error {}

async function text(address) {
  const waiting = new AbortController();
  try {
    setTimeout(() => waiting.abort(), LONGEST_WAIT);
    const response = await fetch(address, {
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: waiting.signal,
    });
    return { isThere: response.ok, said: await response.text() };
  } catch {
    throw new Unreachable(address);
  }
}

/** The keyring, believed from the root on that the page names. */
export async function presentRing(root) {
  const pin = pinOf(root);
  const files = {};
  const take = async (name) => {
    const { isThere, said } = await text(KEYS + name);
    if (!isThere) throw new Unreachable(name);
    files[name] = said;
    return encode(said);
  };
  const { serial, signers } = parseKeyring(await take("keyring.json"));
  await take(`keyring-${serial}.json.sig`);
  for (let number = pin.number; ; number += 1) {
    if (number > pin.number + LONGEST_WALK) throw new Untrusted("chain", "too long");
    const octets = await take(`signers-${number}.json`);
    await take(`signers-${number}.json.sig`);
    if (hashOf(octets) === signers) break;
  }
  return (await believed(files, [pin], { today: today(), daysOff: DAYS_OFF })).ring;
}

/** What the server gives for one tip, and when it gave it. */
export async function presentStanding() {
  const { said } = await text(STANDING);
  let answer;
  try {
    answer = JSON.parse(said);
  } catch {
    throw new Unreachable("no JSON");
  }
  if (answer?.format !== "sapo-form/1") throw new Unreachable("no standing");
  if (answer.open !== true) throw new Shut("closed");
  const { tip, token, now } = answer;
  if (!UUID.test(tip) || !TOKEN.test(token) || !NOW.test(now)) throw new Unreachable("malformed");
  return { tip, token, now, at: performance.now() };
}

/** The quarter of an hour in which the tip is sent, by the server's clock. */
export function quarterNow({ now, at }) {
  const moment = Date.parse(`${now}:00Z`) + performance.now() - at;
  return new Date(Math.floor(moment / QUARTER) * QUARTER).toISOString().slice(0, 16);
}
