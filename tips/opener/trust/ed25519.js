// Signatures of Ed25519: the browser's own judgement where it has one, else noble's, which is no milder.
import { ed25519 } from "@noble/curves/ed25519.js";

/** Whether the octets have been signed so with the key; both are of the right length, or it does not. */
export async function isSignedBy(key, signature, octets) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch {
    return isSignedByStrictly(key, signature, octets); // Chromium before 137, Safari before 17
  }
  return await crypto.subtle.verify("Ed25519", imported, signature, octets);
}

/** By RFC 8032 in its strict reading. noble leaves parts of small order out of account: browsers do not. */
function isSignedByStrictly(key, signature, octets) {
  if (!ed25519.verify(signature, octets, key, { zip215: false })) return false;
  const points = [key, signature.subarray(0, 32)];
  return points.every((point) => ed25519.Point.fromBytes(point).isTorsionFree());
}
