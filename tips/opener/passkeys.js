// Passkeys: what the server asks for and what the browser answers, as JSON.
import { base64urlnopad } from "@scure/base";
import { Refused, Unreachable } from "./server.js";
import { PASSKEYS } from "./login_words.js";

/** Why no passkey can be used here, in words; empty where they can. */
export function whyNoPasskeys() {
  if (isNumber(location.hostname)) return PASSKEYS.otherAddress(namedAddress());
  return isSecureContext && window.PublicKeyCredential ? "" : PASSKEYS.notHere;
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
  asked(async () => {
    const publicKey =
      PublicKeyCredential.parseCreationOptionsFromJSON?.(options) ?? creation(options);
    return navigator.credentials.create({ publicKey });
  });

/** Shows the server that a passkey is here, and the person who may use it. */
export const showPasskey = (options) =>
  asked(async () => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON?.(options) ?? request(options);
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
  return credential.toJSON?.() ?? written(credential);
}

// For browsers that do not read and write JSON themselves.

const octets = (text) => base64urlnopad.decode(text);
const text = (buffer) => base64urlnopad.encode(new Uint8Array(buffer));

const known = (keys = []) => keys.map((key) => ({ ...key, id: octets(key.id) }));

const creation = (options) => ({
  ...options,
  challenge: octets(options.challenge),
  user: { ...options.user, id: octets(options.user.id) },
  excludeCredentials: known(options.excludeCredentials),
});

const request = (options) => ({
  ...options,
  challenge: octets(options.challenge),
  allowCredentials: known(options.allowCredentials),
});

function written(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) answer[name] = text(response[name]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: answer,
  };
}
