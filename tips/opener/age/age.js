// Opens and seals with FiloSottile's age-encryption, in the words of the tip channel.
import { Decrypter, Encrypter, armor, identityToRecipient } from "age-encryption";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { base64 } from "@scure/base";

import { BadKey, headerFor, madeRecipients } from "./headers.js";
import { HybridKey, openSealedToOne, sealedToOne } from "./hybrid.js";
import { SigningKey } from "../trust/signing.js";
import { fromText } from "../trust/trust.js";

export class WrongKey extends Error {}
export class Damaged extends Error {}
export { BadKey };
export class NeedsPassphrase extends BadKey {}

const ARMOR = "-----BEGIN AGE ENCRYPTED FILE-----";
const encode = (text) => new TextEncoder().encode(text);
const decode = (octets) => new TextDecoder("utf-8", { fatal: true }).decode(octets);

export const fromBase64 = (text) => base64.decode(text);
export const toBase64 = (octets) => base64.encode(octets);

/** A key that has been opened: it unseals, and knows which recipients it answers to. */
export class Key {
  #decrypter = new Decrypter();
  #hybrids = [];

  constructor(recipients, { root = null, handler = null, signing = null } = {}) {
    this.recipients = recipients;
    this.root = root; // which signers the file says are believed
    this.handler = handler; // what its entry of the keyring is called, and what signs as it
    this.signing = signing;
  }

  /** What the entries of the keyring that are this key's are called (tips/sealing/heads.py). */
  get entries() {
    return this.recipients.map((recipient) => digest(encode(recipient)).slice(0, 16));
  }

  /** The key in the octets of an identity file, which may be sealed with a passphrase. */
  static async open(octets, passphrase = "") {
    const text = (await plainIdentity(octets, passphrase)).replace(/^\uFEFF/, "");
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    const identities = lines.filter((line) => line && !line.startsWith("#"));
    if (!identities.length) throw new BadKey("no identity");
    const key = new Key([], commentsIn(lines.join("\n")));
    for (const identity of identities) {
      try {
        const own = await HybridKey.open(identity);
        key.#hybrids.push(own);
        key.#decrypter.addIdentity(own);
        key.recipients.push(await identityToRecipient(identity));
      } catch {
        throw new BadKey("not an identity");
      }
    }
    return key;
  }

  /** The plaintext of what is sealed. */
  async unseal(octets) {
    const parts = sealedToOne(octets);
    try {
      if (parts) return await this.#unsealOwn(parts);
      return await this.#decrypter.decrypt(octets);
    } catch (error) {
      throw explained(error);
    }
  }

  async #unsealOwn(parts) {
    for (const key of this.#hybrids) {
      const plain = await openSealedToOne(key, parts);
      if (plain) return plain;
    }
    throw new WrongKey("sealed to others");
  }

  /** The same header for other recipients; the payload it belongs to stays as it is. */
  async rewrap(header, recipients) {
    const fileKey = await this.#fileKey(header);
    return await headerFor(fileKey, madeRecipients(recipients));
  }

  /** A header for each of the recipients alone, one after another. */
  async rewrapToEach(header, recipients) {
    const fileKey = await this.#fileKey(header);
    const headers = [];
    for (const recipient of madeRecipients(recipients)) {
      headers.push(await headerFor(fileKey, [recipient]));
    }
    return concatBytes(...headers);
  }

  async #fileKey(header) {
    try {
      return await this.#decrypter.decryptHeader(header);
    } catch (error) {
      throw explained(error);
    }
  }
}

/** What the comments of a handler's file say (tips/sealing/handler_file.py). */
function commentsIn(text) {
  const said = (name) => new RegExp(`^# sapo-${name}: (\\S+)$`, "m").exec(text)?.[1] ?? null;
  const secret = said("signing-key");
  try {
    const signing = secret && new SigningKey(fromText(secret, 32));
    return { root: said("root"), handler: said("handler"), signing };
  } catch {
    throw new BadKey("damaged comments");
  }
}

/** Seals to every recipient. */
export async function seal(octets, recipients) {
  const encrypter = new Encrypter();
  for (const recipient of madeRecipients(recipients)) encrypter.addRecipient(recipient);
  return await encrypter.encrypt(octets);
}

/** What stands behind the header: it stays the same when the header is wrapped anew. */
export const payloadOf = (sealed) => sealed.subarray(headerLength(sealed));

/** SHA-256 in hex. */
export const digest = (octets) => bytesToHex(sha256(octets));

/** Whether a key file is locked with a passphrase: it is armored then. */
export const isSealed = (octets) =>
  new TextDecoder().decode(octets.subarray(0, 200)).trimStart().startsWith(ARMOR);

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
    octets = armor.decode(decode(octets));
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
  if (error instanceof WrongKey) return error;
  const isWrongKey = String(error?.message).startsWith("no identity matched");
  return isWrongKey ? new WrongKey(error.message) : new Damaged(String(error?.message));
}
