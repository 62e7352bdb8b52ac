// What is signed outside the server: files with one spelling, keys, and signatures under them.
// The server's half is tips/sealing/trust.py; both read the vectors in tests/vectors/.
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { base64urlnopad } from "@scure/base";
import { isSignedBy } from "./ed25519.js";

/** Why something must not be believed; `code` is the same as the server's. */
export class Untrusted extends Error {
  constructor(code, text) {
    super(text);
    this.code = code;
  }
}

const LARGEST_FILE = 512 * 1024;
const LONGEST_TEXT = 4096;
const LONGEST_SIGNATURE = 4412;
const DEEPEST = 6;
const NAME = /^[a-z][a-z0-9_-]{0,31}$/;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u;
const HASH = /^[0-9a-f]{64}$/;
const PRIME = 2n ** 255n - 19n;
// The second coordinates of the points of small order: with such a key any message holds.
const SMALL_ORDER = new Set([
  0n,
  1n,
  PRIME - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);
const LIST = "a38d5b1d0fce0259d68de7dddd4df9e8a3d65085e3539d8c4a2445cefa24f63f";

/** A keyring that must not be sealed to: what the desk says instead, and whom to call. */
export class NotBelieved extends Error {}

export const NOTHING_BEFORE = "0".repeat(64);
export const encode = (text) => new TextEncoder().encode(text);
export const hashOf = (octets) => bytesToHex(sha256(octets));

// Files with one spelling

/** The only octets that say this. */
export const spell = (content) => encode(`${spelled(content)}\n`);

function spelled(value) {
  if (Array.isArray(value)) return `[${value.map(spelled).join(",")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${spelled(value[name])}`).join(",")}}`;
}

/** What the octets say; Untrusted unless they are its only spelling. */
export function read(octets, { longest = LONGEST_TEXT, lines = false } = {}) {
  if (octets.length > LARGEST_FILE) throw new Untrusted("spelling", "too large");
  let content;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
    content = JSON.parse(text);
  } catch {
    throw new Untrusted("spelling", "no JSON");
  }
  if (!isObject(content)) throw new Untrusted("spelling", "no object");
  check(content, 1, longest, lines);
  const again = spell(content);
  if (again.length !== octets.length || again.some((octet, at) => octet !== octets[at])) {
    throw new Untrusted("spelling", "another spelling");
  }
  return content;
}

const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function check(value, depth, longest, lines) {
  if (typeof value === "string") return checkText(value, longest, lines);
  if (typeof value === "boolean") return;
  if (typeof value === "number") {
    if (Number.isSafeInteger(value) && value >= 0) return;
    throw new Untrusted("spelling", "a number that may not be");
  }
  if (value === null || depth > DEEPEST) throw new Untrusted("spelling", "null, or too deep");
  if (isObject(value) && !Object.keys(value).every((name) => NAME.test(name))) {
    throw new Untrusted("spelling", "a name that may not be");
  }
  for (const inner of Object.values(value)) check(inner, depth + 1, longest, lines);
}

function checkText(text, longest, lines) {
  const seen = lines ? text.replaceAll("\n", "") : text;
  if ([...text].length > longest || UNSEEN.test(seen) || text.normalize("NFC") !== text) {
    throw new Untrusted("spelling", "a text that may not be");
  }
}

/** The members of an object: all those named, those that may be, and no others but x-. */
export function members(row, named, maybe = {}) {
  if (!isObject(row)) throw new Untrusted("format", "no object");
  const known = { ...named, ...maybe };
  const read = {};
  for (const [name, value] of Object.entries(row)) {
    if (name.startsWith("x-")) continue;
    if (!Object.hasOwn(known, name) || kindOf(value) !== known[name]) {
      throw new Untrusted("format", `the member ${name}`);
    }
    read[name] = value;
  }
  for (const name of Object.keys(named)) {
    if (!Object.hasOwn(read, name)) throw new Untrusted("format", `${name} is missing`);
  }
  return read;
}

const kindOf = (value) => (Array.isArray(value) ? "array" : typeof value);

export function hashIn(text) {
  if (!HASH.test(text)) throw new Untrusted("format", "no hash");
  return text;
}

export const toText = (octets) => base64urlnopad.encode(octets);

export function fromText(text, least, most = least) {
  let octets;
  try {
    octets = base64urlnopad.decode(text);
  } catch {
    throw new Untrusted("format", "no Base64");
  }
  if (octets.length < least || octets.length > most || toText(octets) !== text) {
    throw new Untrusted("format", "another length or spelling");
  }
  return octets;
}

// Keys

/** The key in the members ed25519 and mldsa65; one that anything holds against is refused. */
export function publicKey({ ed25519, mldsa65 }) {
  const key = { ed25519: fromText(ed25519, 32), mldsa65: fromText(mldsa65, 1952) };
  const height = BigInt(`0x${bytesToHex(key.ed25519.slice().reverse())}`) & (2n ** 255n - 1n);
  if (height >= PRIME || SMALL_ORDER.has(height)) {
    throw new Untrusted("key", "any message would hold");
  }
  const start = encode("sapo-key/1\n");
  const all = new Uint8Array([...start, ...key.ed25519, ...key.mldsa65]);
  return { ...key, id: hashOf(all).slice(0, 16) };
}

/** What is signed of the octets: a signature of one kind is none of another. */
export const messageOf = (kind, octets) =>
  encode(`sapo-signature/1\n${kind}\n${hashOf(octets)}\n`);

/** The signature in the members ed25519 and mldsa65. */
export const signatureIn = ({ ed25519, mldsa65 }) => ({
  ed25519: fromText(ed25519, 64),
  mldsa65: fromText(mldsa65, 3309),
});

/** Whether both halves are of this key, this kind and these octets. */
export async function holds(key, signature, kind, octets) {
  if (!(await quickHalfHolds(key, signature.ed25519, kind, octets))) return false;
  try {
    return ml_dsa65.verify(signature.mldsa65, messageOf(kind, octets), key.mldsa65);
  } catch {
    return false;
  }
}

/** Whether the half that costs little does: enough to see what is to be looked at more closely. */
export async function quickHalfHolds(key, half, kind, octets) {
  try {
    return await isSignedBy(key.ed25519, half, messageOf(kind, octets));
  } catch {
    return false;
  }
}

// Signatures in a file beside what they are of

/** Which of the keys have signed the octets: each one known, each whole, and enough of them. */
export async function readSignatures(file, kind, octets, known, threshold) {
  const content = members(read(file, { longest: LONGEST_SIGNATURE }), {
    format: "string",
    kind: "string",
    of: "string",
    signatures: "array",
  });
  if (content.format !== "sapo-signatures/1") throw new Untrusted("format", "another format");
  if (content.kind !== kind || content.of !== hashOf(octets)) {
    throw new Untrusted("other", "signatures of something else");
  }
  const keys = new Map(known.map((key) => [key.id, key]));
  const signed = [];
  for (const each of content.signatures) {
    const row = members(each, { ed25519: "string", key: "string", mldsa65: "string" });
    const signature = signatureIn(row);
    if (!keys.has(row.key)) throw new Untrusted("unknown", "somebody else has signed");
    if (!(await holds(keys.get(row.key), signature, kind, octets))) {
      throw new Untrusted("signature", "a signature does not hold");
    }
    signed.push(row.key);
  }
  if (signed.join() !== [...new Set(signed)].sort().join()) {
    throw new Untrusted("format", "not in order, or one twice");
  }
  if (signed.length < threshold) throw new Untrusted("few", "too few have signed");
  return new Set(signed);
}

/** The file with one signature of the octets, by the key of this id. */
export const spellSignatures = (kind, octets, key, { ed25519, mldsa65 }) =>
  spell({
    format: "sapo-signatures/1",
    kind,
    of: hashOf(octets),
    signatures: [{ ed25519: toText(ed25519), key, mldsa65: toText(mldsa65) }],
  });

// Twelve words

/** The first 132 bits of a hash in twelve words of the list, in three rows of four. */
export function wordRows(digest, list) {
  if (hashOf(encode(list)) !== LIST) throw new Untrusted("other", "another list of words");
  const words = list.split("\n");
  const number = BigInt(`0x${digest}`) >> 124n;
  const said = Array.from({ length: 12 }, (_, place) =>
    words[Number((number >> BigInt(11 * (11 - place))) & 2047n)],
  );
  return [0, 4, 8].map((at) => said.slice(at, at + 4).join(" "));
}

/** Whose signature it would be: an entry of the keyring, or one of before. */
export const signerIn = ({ entries, former }, author) =>
  [...entries, ...former].find(({ id, key }) => id === author && key);
