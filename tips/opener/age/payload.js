// The payload of an age file, sealed in steps between which the browser can breathe.
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { breath } from "./breath.js";

const CHUNK = 64 * 1024;

export const random = (size) => crypto.getRandomValues(new Uint8Array(size));
export const newFileKey = () => random(16);

/** The content, with zeros behind it up to the size, sealed with the key of the file. */
export async function sealPayload(fileKey, content, size, step) {
  const nonce = random(16);
  const key = hkdf(sha256, fileKey, nonce, new TextEncoder().encode("payload"), 32);
  const pieces = [nonce];
  for (let number = 0; number === 0 || number * CHUNK < size; number += 1) {
    const at = number * CHUNK;
    const plain = new Uint8Array(Math.min(CHUNK, size - at));
    plain.set(content.subarray(at, at + CHUNK));
    const isLast = at + CHUNK >= size;
    pieces.push(chacha20poly1305(key, nonceOf(number, isLast)).encrypt(plain));
    step(plain.length);
    await breath();
  }
  return new Blob(pieces);
}

function nonceOf(number, isLast) {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, number);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
