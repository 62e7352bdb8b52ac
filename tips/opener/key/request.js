// What somebody takes to the ceremony: the server's half is tips/sealing/requests.py.
import { handlerIn } from "../trust/keyring.js";
import { holds, members, read, spell, spellSignatures } from "../trust/trust.js";

/** The entry that the request asks for, as it is written there; Untrusted where it is none. */
export function entryIn(octets) {
  const { entry } = members(read(octets), { entry: "object", format: "string" });
  handlerIn(entry);
  return entry;
}

/** Whether the entry in the request is that of whoever has the key: by name, by what opens, and by what signs. */
export async function isOf(octets, entry, { handler, recipients, signing }) {
  const signed = await signing.sign("request", octets);
  const isSigner = await holds(handlerIn(entry).key, signed, "request", octets);
  return isSigner && entry.id === handler && recipients.includes(entry.recipient);
}

/** The request with these passkeys, and its signature by the key: octets of two files. */
export async function signedRequest(entry, passkeys, { signing }) {
  const request = spell({ entry: { ...entry, passkeys }, format: "sapo-request/1" });
  const { id } = handlerIn(entry).key;
  return { request, signature: spellSignatures("request", request, id, await signing.sign("request", request)) };
}
