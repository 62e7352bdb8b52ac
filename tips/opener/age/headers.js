// The header of an age file, made without its payload.
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
// Not among what the package exports, and the only way to make a header without its payload.
import { encodeHeader, encodeHeaderNoMAC } from "../node_modules/age-encryption/dist/format.js";
import { HybridRecipient } from "../node_modules/age-encryption/dist/recipients.js";

import { breath } from "./breath.js";

export class BadKey extends Error {}

const encode = (text) => new TextEncoder().encode(text);

/** The header that lets these recipients, and nobody else, open what is sealed with the key. */
export async function headerFor(fileKey, recipients) {
  const stanzas = [];
  for (const recipient of recipients) {
    stanzas.push(...(await recipient.wrapFileKey(fileKey)));
    await breath();
  }
  const macKey = hkdf(sha256, fileKey, undefined, encode("header"), 32);
  const mac = hmac(sha256, macKey, encodeHeaderNoMAC(stanzas));
  return encodeHeader(stanzas, mac);
}

/** Post-quantum ones: age's other kinds are not sealed to. */
export function madeRecipients(texts) {
  if (!texts.length || !texts.every((text) => text.startsWith("age1pq1"))) {
    throw new BadKey("no recipients, or of another kind");
  }
  return texts.map((text) => new HybridRecipient(text));
}
