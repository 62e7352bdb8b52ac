// What the browser is asked of passkeys: to show one of those that are named, and to make one.
import { Refused } from "../page_parts/server.js";
import { fromText, toText } from "../trust/trust.js";
import { PASSKEYS } from "../words/key_words.js";

const LONGEST = 1023; // octets of what a passkey is called
const ALGORITHMS = [-7, -8]; // ES256 and EdDSA

/** Why no passkey can be used here, in words; empty where they can. */
export function whyNoPasskeys() {
  if (isNumber(location.hostname)) return PASSKEYS.otherAddress(namedAddress());
  return window.PublicKeyCredential && navigator.credentials ? "" : PASSKEYS.notHere;
}

// A passkey belongs to a name: the number that stands for this machine has none.
const isNumber = (host) => /^[\d.]+$|^\[/.test(host);

function namedAddress() {
  const address = new URL(location.href);
  address.hostname = "localhost";
  return address.href;
}

/** What one of the passkeys answers to the challenge, its person verified; as octets. */
export async function showPasskey(credentials, challenge) {
  const { rawId, response } = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge,
        rpId: location.hostname,
        allowCredentials: credentials.map(described),
        userVerification: "required",
      },
    }),
  );
  return {
    credential: new Uint8Array(rawId),
    authenticator: new Uint8Array(response.authenticatorData),
    client: new Uint8Array(response.clientDataJSON),
    signature: new Uint8Array(response.signature),
  };
}

/** A new passkey, of somebody who has this id and these already: what authenticators say of it, as octets. */
export async function makePasskey(id, credentials) {
  const { response } = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)), // what is attested is not asked for
        rp: { id: location.hostname, name: PASSKEYS.desk },
        user: { id: crypto.getRandomValues(new Uint8Array(16)), name: id, displayName: id },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "discouraged", userVerification: "required" },
        attestation: "none",
        excludeCredentials: credentials.map(described),
      },
    }),
  );
  return new Uint8Array(response.getAuthenticatorData());
}

const described = (credential) => ({ type: "public-key", id: fromText(credential, 16, LONGEST) });

async function asked(act) {
  let credential;
  try {
    credential = await act();
  } catch (error) {
    if (error?.name === "InvalidStateError") throw new Refused(PASSKEYS.isKnown);
    if (error?.name === "SecurityError") throw new Refused(PASSKEYS.notHere);
    throw new Refused(PASSKEYS.stopped);
  }
  if (!credential) throw new Refused(PASSKEYS.stopped);
  return credential;
}

/** The same as texts. */
export const asTexts = (answer) =>
  Object.fromEntries(Object.entries(answer).map(([name, octets]) => [name, toText(octets)]));

