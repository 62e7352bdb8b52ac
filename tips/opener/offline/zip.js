// Reads a zip archive piece by piece, so that a large one never lies in memory as a whole.

export class BadArchive extends Error {}
export class TooLarge extends BadArchive {}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const ZIP64 = 0xffffffff;

async function view(file, start, end) {
  if (start < 0 || end > file.size || start > end) throw new BadArchive("cut off");
  return new DataView(await file.slice(start, end).arrayBuffer());
}

/** Name -> a function that gives the octets of the entry. */
export async function readArchive(file) {
  const tail = await view(file, Math.max(0, file.size - END_LENGTH - 0xffff), file.size);
  let at = tail.byteLength - END_LENGTH;
  while (at >= 0 && tail.getUint32(at, true) !== END) at -= 1;
  if (at < 0) throw new BadArchive("not a zip archive");
  const count = tail.getUint16(at + 10, true);
  const size = tail.getUint32(at + 12, true);
  const start = tail.getUint32(at + 16, true);
  if (count === 0xffff || start === ZIP64) throw new TooLarge("zip64");

  const list = await view(file, start, start + size);
  const entries = new Map();
  for (let place = 0, n = 0; n < count; n += 1) {
    if (place + 46 > size || list.getUint32(place, true) !== ENTRY) {
      throw new BadArchive("damaged list");
    }
    const lengths = [28, 30, 32].map((offset) => list.getUint16(place + offset, true));
    const entry = {
      flags: list.getUint16(place + 8, true),
      method: list.getUint16(place + 10, true),
      stored: list.getUint32(place + 20, true),
      size: list.getUint32(place + 24, true),
      place: list.getUint32(place + 42, true),
    };
    if (place + 46 + lengths[0] > size) throw new BadArchive("damaged list");
    const name = new TextDecoder().decode(new Uint8Array(list.buffer, place + 46, lengths[0]));
    entries.set(name, () => readEntry(file, entry));
    place += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return entries;
}

async function readEntry(file, { flags, method, stored, size, place }) {
  if (flags & 1) throw new BadArchive("encrypted entry");
  if ([stored, size, place].includes(ZIP64)) throw new TooLarge("zip64");
  const local = await view(file, place, place + 30);
  if (local.getUint32(0, true) !== LOCAL) throw new BadArchive("damaged entry");
  const start = place + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + stored > file.size) throw new BadArchive("cut off");
  const content = file.slice(start, start + stored);
  // As the desk packs it: what is sealed grows no smaller.
  if (method !== 0 || stored !== size) throw new BadArchive("unknown compression");
  return new Uint8Array(await content.arrayBuffer());
}
