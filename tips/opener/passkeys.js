// Passkeys: what the server asks for and what the browser answers, as JSON.
import { Refused, Unreachable } from "./page_parts/server.js";
import { PASSKEYS } from "./login_words.js";

/** Why no passkey can be used here, in words; empty where they can. */
export function whyNoPasskeys() {
  if (isNumber(location.hostname)) return PASSKEYS.otherAddress(namedAddress());
  return window.PublicKeyCredential?.parseRequestOptionsFromJSON ? "" : PASSKEYS.notHere;
}

// A passkey belongs to a name: the number that stands for this machine has none.
const isNumber = (host) => /^[\d.]+$|^\[/.test(host);

function namedAddress() {
  const address = new URL(location.href);
  address.hostname = "localhost";
  return address.href;
}

/** Makes a passkey as the server has asked for. */
export const makePasskey = (options) =>
  asked(() => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  });

/** Shows the server that a passkey is here, and the person who may use it. */
export const showPasskey = (options) =>
  asked(() => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return navigator.credentials.get({ publicKey });
  });

async function asked(act) {
  let credential;
  try {
    credential = await act();
  } catch (error) {
    if (error?.name === "NotAllowedError" || error?.name === "AbortError") {
      throw new Refused(PASSKEYS.stopped);
    }
    if (error?.name === "InvalidStateError") throw new Refused(PASSKEYS.isKnown);
    if (error?.name === "SecurityError") throw new Refused(PASSKEYS.notHere);
    throw new Unreachable("an answer that is no question for a passkey");
  }
  if (!credential) throw new Refused(PASSKEYS.stopped);
  return credential.toJSON();
}
