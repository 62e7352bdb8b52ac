// What is inside a sealed tip: head, body with its list of files.
import { Damaged, digest, payloadOf } from "../age/age.js";
import { isBody, isHead } from "./well_formed.js";

const text = new TextDecoder("utf-8", { fatal: true });
const read = (octets) => JSON.parse(text.decode(octets));

/** What stands in the queue about a tip; refused when it belongs to another. */
export async function openHead(key, id, sealed) {
  return checked(await key.unseal(sealed), "sapo-head/1", id, isHead);
}

/** All that was written in a tip; refused when it, or its head, belongs to another. */
export async function openBody(key, id, sealedHead, sealed) {
  const body = checked(await key.unseal(sealed), "sapo-tip/1", id, isBody);
  const head = await openHead(key, id, sealedHead);
  if (head.received !== body.received || head.attachments !== body.attachments.length) {
    throw new Damaged("the head of another");
  }
  return body;
}

/** The digest of a tip's sealed files, as the event log holds it (tips/keeping/sealed_files.py). */
export function digestOfTip(sealedHead, sealedBody, attachments) {
  const payloads = [
    ["head.age", digest(payloadOf(sealedHead))],
    ["body.age", digest(payloadOf(sealedBody))],
    ...attachments.map(({ id, sha256 }) => [`${id}.age`, sha256]),
  ];
  const lines = payloads.map(([name, sum]) => `${name} ${sum}\n`).sort();
  return digest(new TextEncoder().encode(lines.join("")));
}

/** The same of the files that are there, whatever the body lists; nothing where one is none that was sealed. */
export async function digestOfFiles(sealedHead, sealedBody, ids, fetched) {
  const files = [];
  for (const id of ids) {
    const sealed = await fetched(id);
    try {
      files.push({ id, sha256: digest(payloadOf(sealed)) });
    } catch (error) {
      if (error instanceof Damaged) return "";
      throw error;
    }
  }
  return digestOfTip(sealedHead, sealedBody, files);
}

/** What the intake signs of a tip's content. */
export const contentOf = (id, sealedHead, sealedBody, { attachments }) => ({
  id,
  digest: digestOfTip(sealedHead, sealedBody, attachments),
  head: digest(payloadOf(sealedHead)),
});

function checked(plain, format, id, isWhole) {
  let found;
  try {
    found = read(plain);
  } catch {
    throw new Damaged("not JSON");
  }
  if (found?.format !== format || found.id !== id) throw new Damaged("another tip");
  if (!isWhole(found)) throw new Damaged("not written as one");
  return found;
}

/** The content of a file, exactly as it was sent: what the body says of it is checked. */
export async function openAttachment(key, listed, sealed) {
  const payload = payloadOf(sealed);
  if (payload.length !== listed.sealed_size || digest(payload) !== listed.sha256) {
    throw new Damaged("not the file in the list");
  }
  const plain = await key.unseal(sealed);
  if (plain.length < listed.size || plain.subarray(listed.size).some((octet) => octet !== 0)) {
    throw new Damaged("not the size in the list");
  }
  return plain.subarray(0, listed.size);
}

const PICTURES = [
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
];

/** The kind of picture that the content is, by its first octets; null where it is none we show. */
export function pictureType(content) {
  const begins = (octets, at = 0) => octets.every((octet, i) => content[at + i] === octet);
  for (const [type, octets] of PICTURES) if (begins(octets)) return type;
  const isWebP = begins([0x52, 0x49, 0x46, 0x46]) && begins([0x57, 0x45, 0x42, 0x50], 8);
  return isWebP ? "image/webp" : null;
}

/** Whether the name or the declared type says that it may be such a picture. */
export function mayBePicture({ name, type }) {
  return /\.(jpe?g|png|gif|webp)$/i.test(name) || /^image\/(jpeg|png|gif|webp)$/.test(type);
}
