// What the page of the form asks for before anything is written: the keyring, and how the form stands.
import { daysBetween, today } from "../words/dates.js";
import { LONGEST_WALK, believed, parseKeyring, pinOf } from "../trust/keyring.js";
import { Untrusted, encode, hashOf } from "../trust/trust.js";

const KEYS = "/tipsa/nycklar/";
const STANDING = "/tipsa/formular/lage.json";
// A visitor's clock may be wrong; the server's is not, and it refuses to the day.
const DAYS_OFF = 7;
// Whoever waits longer is told to call.
const LONGEST_WAIT = 20_000;
const QUARTER = 15 * 60 * 1000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TOKEN = /^[\w.-]{40,200}$/;
const NOW = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** No answer, or none that can be understood. */
export class Unreachable extends Error {}
/** The form is closed, and why: a code. */
export class Shut extends Error {}
/** The keyring is out of date by the device's clock, which is far from the server's. */
export class WrongClock extends Error {}

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

/** What the server gives for one tip, and the keyring, which is none older than the server says. */
export async function present(root) {
  const pin = pinOf(root);
  const serving = served(pin);
  serving.catch(() => {}); // told below: that the form is closed comes first
  const standing = await presentStanding();
  const judged = (files) => ringOf(files, pin, standing.now.slice(0, 10));
  let ring = await judged(await serving);
  const isOlder = () => ring.serial < standing.keyring;
  if (isOlder()) ring = await judged(await served(pin)); // the later one came meanwhile
  if (isOlder()) throw new Untrusted("older", "the server names a later one");
  return { ring, standing };
}

async function ringOf(files, pin, serversDay) {
  const day = today();
  try {
    return (await believed(files, [pin], { today: day, daysOff: DAYS_OFF })).ring;
  } catch (error) {
    const isOfTheDay = ["early", "expired"].includes(error.code);
    if (isOfTheDay && Math.abs(daysBetween(serversDay, day)) > DAYS_OFF) throw new WrongClock(day);
    throw error;
  }
}

/** The files of the keyring and its signers, from the root on that the page names. */
async function served(pin) {
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
    if (hashOf(octets) === signers) return files;
  }
}

/** What the server gives for one tip, when it gave it, and the number of the keyring that it takes. */
async function presentStanding() {
  const { said } = await text(STANDING);
  let answer;
  try {
    answer = JSON.parse(said);
  } catch {
    throw new Unreachable("no JSON");
  }
  if (answer?.format !== "sapo-form/1") throw new Unreachable("no standing");
  if (answer.open !== true) throw new Shut(answer.why);
  const { keyring, tip, token, now } = answer;
  const isWhole = UUID.test(tip) && TOKEN.test(token) && NOW.test(now);
  if (!isWhole || !(Number.isSafeInteger(keyring) && keyring > 0)) throw new Unreachable("malformed");
  return { keyring, tip, token, now, at: performance.now() };
}

/** The quarter of an hour in which the tip is sent, by the server's clock. */
export function quarterNow({ now, at }) {
  const moment = Date.parse(`${now}:00Z`) + performance.now() - at;
  return new Date(Math.floor(moment / QUARTER) * QUARTER).toISOString().slice(0, 16);
}
