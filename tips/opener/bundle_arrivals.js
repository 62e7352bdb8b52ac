// Whether a tip of a bundle is the one that the intake has signed, told without a server.
import { checkedArrival } from "./arrival.js";
import { believed, parseKeyring, pinOf, withThoseBefore } from "./keyring.js";
import { Untrusted, encode, members, read } from "./trust.js";

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

/** What the intake has signed of a tip with this content: an arrival, or why there is none. */
export async function judged(rings, file, content, { way, days, digestThere }) {
  if (!rings) return { code: "untested" };
  if (!file) return { code: days.some((day) => isSigning(rings, day)) ? "lacking" : "unsigned" };
  try {
    const end = file.indexOf(10) + 1;
    const halves = members(read(file.slice(end), { longest: LONGEST_SIGNATURE }), {
      ed25519: "string",
      mldsa65: "string",
    });
    const signed = { message: text.decode(file.slice(0, end)), ...halves };
    return { code: "whole", ...(await checkedArrival(signed, rings, content, way, digestThere)) };
  } catch (error) {
    if (!(error instanceof Untrusted || error instanceof TypeError)) throw error;
    return { code: "forged" };
  }
}

/** Whether what came on this day should have been signed. */
const isSigning = (rings, day) =>
  [...rings.values()].some(({ intake }) => intake.some(({ since }) => since <= day));
