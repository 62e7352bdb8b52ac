// A handler's post-quantum key, made ready once: age-encryption makes it anew from its seed for every
// file. The browser's own ML-KEM and X25519 are used where it has them, which is thirty times as fast.
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { expand, extract, hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { sha3_256, shake256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { base64 } from "@scure/base";
import { HybridIdentity } from "../node_modules/age-encryption/dist/recipients.js";

const encode = (text) => new TextEncoder().encode(text);
const STANZA = "mlkem768x25519";
const MLKEM_SHARE = 1088;
const SHARE = MLKEM_SHARE + 32;
const SEALED_KEY = 32;
// How X25519 and ML-KEM-768 are joined (MLKEM768-X25519, "X-Wing"), and an X25519 key as PKCS #8.
const JOINED = encode("\\.//^\\");
const PKCS8 = new Uint8Array([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32]);
// HPKE (RFC 9180), base mode, with HKDF-SHA256 and ChaCha20-Poly1305: what is the same for all files.
const SUITE = concatBytes(encode("HPKE"), new Uint8Array([0x64, 0x7a, 0, 1, 0, 3]));
const NOTHING = new Uint8Array(0);
const extracted = (salt, label, octets) =>
  extract(sha256, concatBytes(encode("HPKE-v1"), SUITE, encode(label), octets), salt);
const expanded = (secret, label, info, length) => {
  const about = concatBytes(new Uint8Array([0, length]), encode("HPKE-v1"), SUITE, encode(label), info);
  return expand(sha256, secret, about, length);
};
const CONTEXT = concatBytes(
  new Uint8Array([0]),
  extracted(undefined, "psk_id_hash", NOTHING),
  extracted(undefined, "info_hash", encode(`age-encryption.org/${STANZA}`)),
);

/** The browser's way where it has one, which takes its key from `importing`; else our own. */
async function fastest(importing, native, own) {
  try {
    const key = await importing(crypto.subtle);
    return async (octets) => new Uint8Array(await native(key, octets));
  } catch {
    return own;
  }
}

/** An identity for age-encryption. */
export class HybridKey {
  #lattice;
  #curve;
  #point;
  #place = 0; // where in a header it was found the last time

  static async open(text) {
    const key = new HybridKey();
    const seeds = shake256(new HybridIdentity(text).identity, { dkLen: 96 });
    const [seed, secret] = [seeds.slice(0, 64), seeds.slice(64)];
    const { secretKey } = ml_kem768.keygen(seed);
    key.#point = x25519.getPublicKey(secret);
    key.#lattice = await fastest(
      (subtle) => subtle.importKey("raw-seed", seed, "ML-KEM-768", false, ["decapsulateBits"]),
      (own, share) => crypto.subtle.decapsulateBits("ML-KEM-768", own, share),
      (share) => ml_kem768.decapsulate(share, secretKey),
    );
    key.#curve = await fastest(
      (subtle) =>
        subtle.importKey("pkcs8", concatBytes(PKCS8, secret), "X25519", false, ["deriveBits"]),
      async (own, share) => {
        const other = await crypto.subtle.importKey("raw", share, "X25519", false, []);
        return await crypto.subtle.deriveBits({ name: "X25519", public: other }, own, 256);
      },
      (share) => x25519.getSharedSecret(secret, share),
    );
    return key;
  }

  async unwrapFileKey(stanzas) {
    // Every place tried costs milliseconds, and tips sealed to one keyring name it in one order.
    const isFirst = (at) => Number(at === this.#place);
    for (const at of [...stanzas.keys()].sort((one, other) => isFirst(other) - isFirst(one))) {
      const { args, body } = stanzas[at];
      if (args[0] !== STANZA) continue;
      const share = args.length === 2 && base64.decode(padded(args[1]));
      if (share?.length !== SHARE || body.length !== SEALED_KEY) throw new Error("malformed stanza");
      const fileKey = await this.unwrap(share, body);
      if (fileKey) {
        this.#place = at;
        return fileKey;
      }
    }
    return null;
  }

  /** The key of a file; null when it is sealed to another. */
  async unwrap(share, sealed) {
    const [toLattice, toCurve] = [share.slice(0, MLKEM_SHARE), share.slice(MLKEM_SHARE)];
    const [one, other] = await Promise.all([this.#lattice(toLattice), this.#curve(toCurve)]);
    const shared = sha3_256(concatBytes(one, other, toCurve, this.#point, JOINED));
    const secret = extracted(shared, "secret", NOTHING);
    const key = expanded(secret, "key", CONTEXT, 32);
    const nonce = expanded(secret, "base_nonce", CONTEXT, 12);
    return opened(key, nonce, sealed);
  }
}

const padded = (text) => text.padEnd(Math.ceil(text.length / 4) * 4, "=");

function opened(key, nonce, sealed) {
  try {
    return chacha20poly1305(key, nonce).decrypt(sealed);
  } catch {
    return null;
  }
}

// A file that is sealed to one alone, in one chunk, as heads are: it needs neither lines nor streams.

const FORM = new RegExp(
  `^age-encryption\\.org/v1\\n-> ${STANZA} ([A-Za-z0-9+/]{1494})\\n([A-Za-z0-9+/]{43})\\n` +
    "---( ([A-Za-z0-9+/]{43})\\n)$",
);
const HEADER = 1627;
const NONCE = 16;
const LONGEST = HEADER + NONCE + 64 * 1024 + 16;
const LAST_CHUNK = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

/** The parts of such a file; null for any other. */
export function sealedToOne(octets) {
  if (octets.length < HEADER + NONCE || octets.length > LONGEST) return null;
  const found = FORM.exec(new TextDecoder("latin1").decode(octets.subarray(0, HEADER)));
  if (!found) return null;
  return {
    share: base64.decode(padded(found[1])),
    sealedKey: base64.decode(padded(found[2])),
    mac: base64.decode(padded(found[4])),
    signed: octets.subarray(0, HEADER - found[3].length),
    payload: octets.subarray(HEADER),
  };
}

/** What is in such a file; null when it is sealed to another. Throws when it has been changed. */
export async function openSealedToOne(key, { share, sealedKey, mac, signed, payload }) {
  const fileKey = await key.unwrap(share, sealedKey);
  if (!fileKey) return null;
  const own = hmac(sha256, hkdf(sha256, fileKey, undefined, encode("header"), 32), signed);
  if (own.reduce((differing, octet, i) => differing | (octet ^ mac[i]), 0)) {
    throw new Error("the header has been changed");
  }
  const nonce = payload.subarray(0, NONCE);
  const chunkKey = hkdf(sha256, fileKey, nonce, encode("payload"), 32);
  return chacha20poly1305(chunkKey, LAST_CHUNK).decrypt(payload.subarray(NONCE));
}
