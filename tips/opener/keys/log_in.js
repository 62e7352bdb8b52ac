// Logging in: the server's challenge is signed by the key that has been opened, for the host that the browser
// stands at, and by a passkey where the key's entry names one. The server's half is tips/desk/proof.py.
import { asTexts, showPasskey } from "./passkeys.js";
import { Unreachable } from "../page_parts/server.js";
import { parseKeyring } from "../trust/keyring.js";
import { encode, members, read, spell } from "../trust/trust.js";
import { sha256 } from "@noble/hashes/sha2.js";

const ASKED = { keyring: "number", nonce: "string", time: "string" };

/**
 * Which passkeys the handler's entry names, by the keyring that the server hands out: it need not be believed,
 * since who comes in is for the server to say, and what a passkey signs is good for these octets at this host alone.
 */
export async function credentialsOf(api, handler) {
  const { files } = await api.trust(0);
  try {
    const { entries } = parseKeyring(encode(files["keyring.json"]));
    const entry = entries.find(({ id }) => id === handler);
    return (entry?.passkeys ?? []).map(({ credential }) => credential);
  } catch {
    return []; // a keyring that cannot be read: it is said so when one has come in
  }
}

/** Proves whose key it is; what the server refuses is thrown. */
export async function logIn(api, { handler, signing }, credentials) {
  const octets = loginText(await api.challenge(), handler);
  const signed = await signing.sign("login", octets);
  const passkey = credentials.length
    ? { passkey: asTexts(await showPasskey(credentials, sha256(octets))) }
    : {};
  const login = new TextDecoder().decode(octets);
  const { user } = await api.logIn({ login, ...asTexts(signed), ...passkey });
  if (user !== handler) throw new Unreachable("somebody else has been let in");
}

/** What is signed: whatever the server answers, it is of this handler and this host. */
function loginText(challenge, handler) {
  try {
    const { keyring, nonce, time } = members(challenge, ASKED);
    const said = { handler, host: location.host, keyring, nonce, time };
    const octets = spell({ format: "sapo-login/1", ...said });
    read(octets);
    return octets;
  } catch {
    throw new Unreachable("no challenge");
  }
}
