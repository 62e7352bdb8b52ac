// Opens and seals with FiloSottile's age-encryption, in the words of the tip channel.
import { Decrypter, Encrypter, armor, identityToRecipient } from "age-encryption";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { base64 } from "@scure/base";
// Not among what the package exports, and the only way to make a header without its payload.
import { encodeHeader, encodeHeaderNoMAC } from "./node_modules/age-encryption/dist/format.js";
import {
  HybridIdentity,
  HybridRecipient,
  X25519Identity,
  X25519Recipient,
} from "./node_modules/age-encryption/dist/recipients.js";

export class WrongKey extends Error {}
export class Damaged extends Error {}
export class BadKey extends Error {}
export class NeedsPassphrase extends BadKey {}

const ARMOR = "-----BEGIN AGE ENCRYPTED FILE-----";
const BINARY = "age-encryption.org/v1\n";
const encode = (text) => new TextEncoder().encode(text);
const decode = (octets) => new TextDecoder("utf-8", { fatal: true }).decode(octets);
const starts = (octets, text) => decodeStart(octets, text.length) === text;
const decodeStart = (octets, length) => new TextDecoder().decode(octets.subarray(0, length));

export const fromBase64 = (text) => base64.decode(text);
export const toBase64 = (octets) => base64.encode(octets);

/** A key that has been opened: it unseals, and knows which recipients it answers to. */
export class Key {
  #decrypter = new Decrypter();

  constructor(recipients, root = null) {
    this.recipients = recipients;
    this.root = root; // which signers the file says are believed
  }

  /** The key in the octets of an identity file, which may be sealed with a passphrase. */
  static async open(octets, passphrase = "") {
    const text = (await plainIdentity(octets, passphrase)).replace(/^\uFEFF/, "");
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    const identities = lines.filter((line) => line && !line.startsWith("#"));
    if (!identities.length) throw new BadKey("no identity");
    const [, root = null] = /^# sapo-root: (\S+)$/m.exec(lines.join("\n")) ?? [];
    const key = new Key([], root);
    for (const identity of identities) {
      try {
        key.#decrypter.addIdentity(new FirstTry(identity));
        key.recipients.push(await identityToRecipient(identity));
      } catch {
        throw new BadKey("not an identity");
      }
    }
    return key;
  }

  /** The plaintext of what is sealed. */
  async unseal(octets) {
    try {
      return await this.#decrypter.decrypt(octets);
    } catch (error) {
      throw explained(error);
    }
  }

  /** The same header for other recipients; the payload it belongs to stays as it is. */
  async rewrap(header, recipients) {
    let fileKey;
    try {
      fileKey = await this.#decrypter.decryptHeader(header);
    } catch (error) {
      throw explained(error);
    }
    const stanzas = [];
    for (const recipient of madeRecipients(recipients)) {
      stanzas.push(...(await recipient.wrapFileKey(fileKey)));
    }
    const macKey = hkdf(sha256, fileKey, undefined, encode("header"), 32);
    const mac = hmac(sha256, macKey, encodeHeaderNoMAC(stanzas));
    return encodeHeader(stanzas, mac);
  }
}

/** Seals to every recipient; refuses a mix of kinds, which would be as weak as the weaker. */
export async function seal(octets, recipients) {
  const encrypter = new Encrypter();
  for (const recipient of madeRecipients(recipients)) encrypter.addRecipient(recipient);
  return await encrypter.encrypt(octets);
}

/** What stands behind the header: it stays the same when the header is wrapped anew. */
export const payloadOf = (sealed) => sealed.subarray(headerLength(sealed));

/** SHA-256 in hex. */
export const digest = (octets) => bytesToHex(sha256(octets));

export function isSealed(octets) {
  return starts(octets, BINARY) || isArmored(octets);
}

const isArmored = (octets) => decodeStart(octets, 200).trimStart().startsWith(ARMOR);

function headerLength(sealed) {
  for (let at = 0; at < sealed.length;) {
    const end = sealed.indexOf(10, at);
    if (end < 0) break;
    if (sealed[at] === 45 && sealed[at + 1] === 45 && sealed[at + 2] === 45) return end + 1;
    at = end + 1;
  }
  throw new Damaged("no header");
}

async function plainIdentity(octets, passphrase) {
  try {
    if (!isSealed(octets)) return decode(octets);
    if (isArmored(octets)) octets = armor.decode(decode(octets));
  } catch {
    throw new BadKey("unreadable");
  }
  if (!passphrase) throw new NeedsPassphrase("sealed with a passphrase");
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return decode(await decrypter.decrypt(octets));
  } catch (error) {
    throw explained(error);
  }
}

function explained(error) {
  const isWrongKey = String(error?.message).startsWith("no identity matched");
  return isWrongKey ? new WrongKey(error.message) : new Damaged(String(error?.message));
}

function madeRecipients(texts) {
  const hybrid = texts.filter((text) => text.startsWith("age1pq1"));
  if (!texts.length || (hybrid.length && hybrid.length < texts.length)) {
    throw new BadKey("no recipients, or of two kinds");
  }
  const Kind = hybrid.length ? HybridRecipient : X25519Recipient;
  return texts.map((text) => new Kind(text));
}

/** An identity that first tries the place in the header where it was found the last time.
 *
 * Every place tried costs milliseconds, and tips sealed to one keyring name it in one order.
 */
class FirstTry {
  #identity;
  #place = 0;

  constructor(text) {
    const Kind = text.startsWith("AGE-SECRET-KEY-PQ-1") ? HybridIdentity : X25519Identity;
    this.#identity = new Kind(text);
  }

  async unwrapFileKey(stanzas) {
    const places = [...stanzas.keys()];
    if (this.#place < stanzas.length) {
      places.splice(this.#place, 1);
      places.unshift(this.#place);
    }
    for (const place of places) {
      const fileKey = await this.#identity.unwrapFileKey([stanzas[place]]);
      if (fileKey !== null) {
        this.#place = place;
        return fileKey;
      }
    }
    return null;
  }
}
