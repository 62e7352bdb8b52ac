// Which arrival was counted for each tip: its hash, and that of the tip's head.

const MOST_KEPT = 20_000; // what one browser can keep
const DIGITS = 40; // of each hash, for the same reason: 160 bits

const short = (hash) => hash.slice(0, DIGITS);

export class Counted {
  #tips = new Map(); // id -> [hash, head]

  /** Takes what a browser keeps; what is known here stays. */
  recall(kept) {
    for (const row of kept) {
      const [id, ...hashes] = row.split(" ");
      if (!this.has(id)) this.#tips.set(id, hashes);
    }
  }

  /** What a browser keeps of it: that of the last tips. */
  get kept() {
    return [...this.#tips].slice(-MOST_KEPT).map(([id, hashes]) => [id, ...hashes].join(" "));
  }

  has = (id) => this.#tips.has(id);

  /** The first that is counted for a tip stays. */
  take({ tip, hash, head }) {
    if (!this.has(tip)) this.#tips.set(tip, [short(hash), short(head)]);
  }

  /** Whether another arrival was counted for its tip. */
  isOther({ tip, hash }) {
    return this.has(tip) && this.#tips.get(tip)[0] !== short(hash);
  }

  /** Whether another head was counted for the tip. */
  isOtherHead(id, head) {
    return this.has(id) && this.#tips.get(id)[1] !== short(head);
  }
}
