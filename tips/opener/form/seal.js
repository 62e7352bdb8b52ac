// Seals a tip where it is written: its files, its body and its heads, to the keyring and nobody else.
// The server's half, for those without script, is tips/keeping/intake.py.
import { headerFor, madeRecipients } from "../age/headers.js";
import { newFileKey, random, sealPayload } from "../age/payload.js";
import { HEAD_SIZE, bodySize, paddedSize } from "./sizes.js";

const FROM_HERE = Symbol("sealed");
const EXCERPT = 120;
const SPACE = 0x20;

const encode = (text) => new TextEncoder().encode(text);
const hex = (octets) => [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");
const sha256 = async (octets) => new Uint8Array(await crypto.subtle.digest("SHA-256", octets));
// Half a surrogate pair is no character.
const whole = (text) => new TextDecoder().decode(encode(text));

/** A tip that has been sealed: the only thing that is ever sent. Nothing but sealTip makes one. */
export class Sealed {
  #parts;

  constructor(from, parts) {
    if (from !== FROM_HERE) throw new TypeError("not sealed");
    this.#parts = parts;
  }

  /** As it is sent: parts in one order, whose names are known to the server. */
  get form() {
    const form = new FormData();
    for (const [name, content] of this.#parts) form.append(name, content);
    return form;
  }
}

/**
 * `standing` is what the server has given for one tip, `received` when it is sent, `secret` what
 * makes the same content known again; `step` is told of each piece that is done, in octets.
 */
export async function sealTip({ standing, received, ring, language, fields, files, secret }, step) {
  const recipients = madeRecipients(ring.entries.map(({ recipient }) => recipient));
  const sealedFiles = [];
  for (const file of files) sealedFiles.push(await sealFile(file, recipients, step));
  const attachments = sealedFiles.map(({ listed }) => listed);
  const shared = { id: standing.tip, received };
  const head = {
    format: "sapo-head/1",
    ...shared,
    subject: fields.subject ?? "",
    urgent: Boolean(fields.urgent),
    excerpt: [...fields.text].slice(0, EXCERPT).join(""),
    attachments: attachments.length,
  };
  const body = { format: "sapo-tip/1", ...shared, language, way: "browser", fields, attachments };
  const echoed = sealedFiles.map(({ echoed: facts }) => facts);
  const parts = [
    ["v", "2"],
    ["token", standing.token],
    ["keyring", `${ring.serial}:${ring.hash}`],
    ["echo", await echoOf(fields, echoed, secret)],
    ["language", language],
    ["urgent", fields.urgent ? "1" : "0"],
    ["heads", await sealHeads(padded(head, HEAD_SIZE), recipients, step)],
    ["body", (await sealToAll(padded(body), recipients, step)).sealed],
    ...sealedFiles.map(({ listed, sealed }) => [`file.${listed.id}`, sealed]),
  ];
  return new Sealed(FROM_HERE, parts);
}

/** What one octet written otherwise would change; without the secret nobody can guess at it. */
async function echoOf(fields, files, secret) {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const content = encode(JSON.stringify([Object.entries(fields).sort(), files]));
  const octets = new Uint8Array(await crypto.subtle.sign("HMAC", key, content));
  const base64 = btoa(String.fromCharCode(...octets));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export const newSecret = () => random(32);

async function sealFile(file, recipients, step) {
  const content = new Uint8Array(await file.arrayBuffer());
  const [name, type] = [whole(file.name), whole(file.type).slice(0, 100)];
  const { sealed, payload } = await sealToAll(content, recipients, step, paddedSize(content.length));
  const listed = {
    id: crypto.randomUUID(),
    name,
    type,
    size: content.length,
    sealed_size: payload.size,
    sha256: hex(await sha256(await payload.arrayBuffer())),
  };
  return { listed, sealed, echoed: [name, type, content.length, hex(await sha256(content))] };
}

async function sealToAll(content, recipients, step, size = content.length) {
  const fileKey = newFileKey();
  const header = await headerFor(fileKey, recipients);
  const payload = await sealPayload(fileKey, content, size, step);
  return { sealed: new Blob([header, payload]), payload };
}

/** A header for each, in the keyring's order, and the one payload of all. */
async function sealHeads(content, recipients, step) {
  const fileKey = newFileKey();
  const headers = [];
  for (const recipient of recipients) headers.push(await headerFor(fileKey, [recipient]));
  return new Blob([...headers, await sealPayload(fileKey, content, content.length, step)]);
}

/** The content as JSON, with spaces behind it up to the size, or to that of its class. */
function padded(content, size = 0) {
  const octets = encode(JSON.stringify(content));
  const all = new Uint8Array(size || bodySize(octets.length)).fill(SPACE);
  all.set(octets);
  return all;
}
