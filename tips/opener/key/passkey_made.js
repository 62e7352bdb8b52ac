// Makes a passkey, and proves at once that it works: what the keyring is to say of it is read out of what it attests.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { Refused } from "../page_parts/server.js";
import { isSignedBy } from "../trust/ed25519.js";
import { toText } from "../trust/trust.js";
import { makePasskey, showPasskey } from "../keys/passkeys.js";
import { REQUEST } from "../words/key_words.js";

const [FLAGS, SIZE, ID] = [32, 53, 55]; // where they stand in what an authenticator says
const VERIFIED = 0x04; // that its person was
const P256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
// Keys as COSE has them, in the one spelling that authenticators may use, and what judges by each.
const KINDS = [
  [/^a5010203262001215820(.{64})225820(.{64})/, isSignedByP256],
  [/^a4010103272006215820(.{64})/, isSignedBy],
];

/** What is to stand of it in the request of whoever has this id; `credentials` are those that are there already. */
export async function newPasskey(id, credentials) {
  const { credential, key, isSigned } = partsOf(await makePasskey(id, credentials));
  const made = { credential: toText(credential), key: toText(key) };
  const challenge = crypto.getRandomValues(new Uint8Array(32));
  const { authenticator, client, signature } = await showPasskey([made.credential], challenge);
  const octets = new Uint8Array([...authenticator, ...sha256(client)]);
  const isVerified = (authenticator[FLAGS] & VERIFIED) !== 0;
  if (isVerified && (await isSigned(signature, octets).catch(() => false))) return made;
  throw new Refused(REQUEST.unproved);
}

/** The id and the key in what is attested, without what may follow them, and what judges by the key. */
export function partsOf(attested) {
  const end = ID + ((attested[SIZE] << 8) | attested[SIZE + 1]);
  const text = bytesToHex(attested.subarray(end));
  const [pattern, judge] = KINDS.find(([pattern]) => pattern.test(text)) ?? [];
  if (!pattern) throw new Refused(REQUEST.unusable);
  const [key, ...numbers] = pattern.exec(text).map(hexToBytes);
  return {
    credential: attested.subarray(ID, end),
    key,
    isSigned: (signature, octets) => judge(new Uint8Array(numbers.flatMap((each) => [...each])), signature, octets),
  };
}

async function isSignedByP256(point, signature, octets) {
  const key = await crypto.subtle.importKey("raw", new Uint8Array([4, ...point]), P256, false, ["verify"]);
  return await crypto.subtle.verify(P256, key, rawOf(signature), octets);
}

/** The two numbers of a signature, 32 octets each, out of DER. */
export function rawOf(der) {
  const raw = new Uint8Array(64);
  let at = 2; // after the sequence and its length
  for (const end of [32, 64]) {
    const number = der.subarray(at + 2, at + 2 + der[at + 1]);
    const kept = number.subarray(Math.max(0, number.length - 32)); // without the octet of the sign
    raw.set(kept, end - kept.length);
    at += 2 + number.length;
  }
  return raw;
}
