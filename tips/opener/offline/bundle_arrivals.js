// Whether a tip of a bundle is the one that the intake has signed, told without a server.
import { checkedArrival } from "../arrivals/arrival.js";
import { believed, parseKeyring, pinOf, withThoseBefore } from "../trust/keyring.js";
import { Untrusted, encode, members, read } from "../trust/trust.js";
import { BadArchive } from "./zip.js";

const LONGEST_SIGNATURE = 4412;
const text = new TextDecoder("utf-8", { fatal: true });

/** The bundle's keyrings by their serials; null where none is to be believed from this root. */
export async function ringsIn(entries, root) {
  const files = {};
  try {
    for (const [path, octets] of entries) {
      if (path.startsWith("trust/")) files[path.slice(6)] = text.decode(await octets());
    }
    const pin = pinOf(root ?? "");
    // A bundle may be older than the keyring's last day: what came while it was good still is.
    const today = parseKeyring(encode(files["keyring.json"] ?? "")).lastDay;
    const { ring } = await believed(files, [pin], { today });
    return withThoseBefore(ring, files);
  } catch {
    return null;
  }
}

/** The newest of them: who may write notes. */
export const presentIn = (rings) => rings && rings.get(Math.max(...rings.keys()));

/** What the intake has signed of a tip with this content: an arrival, or why there is none; `file` reads it. */
export async function judged(rings, file, content, { way, digestThere }) {
  if (!rings) return { code: "untested" };
  if (!file) return { code: "lacking" };
  try {
    const octets = await file();
    const end = octets.indexOf(10) + 1;
    const halves = members(read(octets.slice(end), { longest: LONGEST_SIGNATURE }), {
      ed25519: "string",
      mldsa65: "string",
    });
    const signed = { message: text.decode(octets.slice(0, end)), ...halves };
    return { code: "whole", ...(await checkedArrival(signed, rings, content, way, digestThere)) };
  } catch (error) {
    // A damaged file is not what was signed either.
    if (![Untrusted, TypeError, BadArchive].some((kind) => error instanceof kind)) throw error;
    return { code: "forged" };
  }
}
