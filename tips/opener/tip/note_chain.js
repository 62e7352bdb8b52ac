// What notes on a tip prove together: who wrote each, and that none was moved, changed or lost.
import { NOTHING_BEFORE, holds, signerIn } from "../trust/trust.js";

/**
 * Each note's standing: "whole", "false", or "closed" to this key.
 *
 * Of each: its `id`, the `note` (as readNote gives it, or "closed" or "damaged") and the `account`
 * that the server names. `next` is what a note after them has to say; `heard` the newest keyring that
 * one of them names. `ring` is null where none is believed.
 */
export async function judged(notes, { tip, ring, arrival = "" }) {
  // `between` are those after the last that counted; `isUnknown` if one of them is closed to us.
  const chain = { tip, ring, arrival, place: 0, hash: NOTHING_BEFORE, between: 0, isUnknown: false };
  const found = [];
  let heard = null;
  for (const given of notes) {
    const one = await judge(chain, given);
    found.push(one);
    const serial = given.note.said?.keyring;
    if (one.standing === "whole" && serial > (heard?.serial ?? ring.serial)) {
      heard = { serial, name: one.name };
    }
  }
  const next = { place: notes.length + 1, previous: chain.hash, isUnknown: chain.isUnknown };
  return { found, next, heard };
}

async function judge(chain, given) {
  const { note } = given;
  if (note.said) return await judgeSigned(chain, given);
  chain.between += 1;
  if (note === "closed") {
    chain.isUnknown = true;
    return { standing: "closed" };
  }
  return untrue([note]);
}

async function judgeSigned(chain, { id, note, account = null }) {
  const { said, signature, octets } = note;
  const by = chain.ring && signerIn(chain.ring, said.author);
  const faults = [];
  if (!chain.ring) faults.push("ring");
  else if (!by || !(await holds(by.key, signature, "note", octets))) faults.push("key");
  else if (said.keyring > (by.until ?? Infinity)) faults.push("late");
  if (said.tip !== chain.tip) faults.push("tip");
  if (said.id !== id) faults.push("copy");
  if (faults.length) {
    chain.between += 1;
    return untrue(faults);
  }
  if (account !== null && account !== said.author) faults.push("author");
  if (chain.arrival && !["", chain.arrival].includes(said.arrival)) faults.push("content");
  const { fault, missing } = follow(chain, note);
  if (fault) faults.push(fault);
  return faults.length ? untrue(faults, missing) : { standing: "whole", name: by.name };
}

const untrue = (faults, missing = [0, 0]) => ({ standing: "false", faults, missing });

/** What is wrong with its place after the last one that counted. */
function follow(chain, { said: { place, previous }, hash }) {
  if (place <= chain.place) {
    chain.between += 1;
    return { fault: "order" };
  }
  const lost = place - chain.place - 1 - chain.between;
  const isLinked = chain.isUnknown || previous === chain.hash;
  const first = chain.between ? 0 : chain.place + 1;
  Object.assign(chain, { place, hash, between: 0, isUnknown: false });
  if (lost > 0) return { fault: "missing", missing: [lost, first] };
  return isLinked ? {} : { fault: "link" };
}
