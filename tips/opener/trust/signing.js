// The keys with which a handler signs. The server's half is SigningKey in tips/sealing/trust.py.
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { encode, messageOf } from "./trust.js";

// What stands before the seed of an Ed25519 key in PKCS #8.
const PKCS8 = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

/** Signs as the handler whose secret it was given; the secret itself cannot be asked for. */
export class SigningKey {
  #secret;
  #ed25519 = null;
  #mldsa65 = null;

  constructor(secret) {
    this.#secret = secret;
  }

  /** Both halves over the octets. The first time takes a while: the keys are derived. */
  async sign(kind, octets) {
    const said = messageOf(kind, octets);
    this.#ed25519 ??= await crypto.subtle.importKey(
      "pkcs8",
      new Uint8Array([...PKCS8, ...this.#seed("ed25519")]),
      "Ed25519",
      false,
      ["sign"],
    );
    this.#mldsa65 ??= ml_dsa65.keygen(this.#seed("mldsa65")).secretKey;
    return {
      ed25519: new Uint8Array(await crypto.subtle.sign("Ed25519", this.#ed25519, said)),
      mldsa65: ml_dsa65.sign(said, this.#mldsa65),
    };
  }

  /** Overwrites what can be overwritten. */
  forget() {
    this.#secret.fill(0);
    this.#mldsa65?.fill(0);
    this.#ed25519 = null;
  }

  #seed = (algorithm) =>
    hkdf(sha256, this.#secret, undefined, encode(`sapo/handler/${algorithm}/1`), 32);
}
