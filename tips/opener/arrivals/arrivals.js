// The numbers that the intake has given: which have come, and what is wrong with them.
import { checkedArrival, quicklyChecked } from "./arrival.js";
import { Unchecked, answerIn, within } from "./arrival_answers.js";
import { ARRIVALS } from "../words/arrival_words.js";
import { Counted } from "./counted.js";
import { button, h } from "../page_parts/dom.js";
import { notice } from "../page_parts/forms.js";
import { NOTHING_BEFORE, NotBelieved, Untrusted } from "../trust/trust.js";

const MOST_NAMED = 20;
const MOST_MS = 120_000; // how long it may take to check them
const SAID_AFTER_MS = 1000;
const MOST_ASKED = 32; // the epochs that one address holds; of others all is sent

export class DeskArrivals {
  #desk;
  #place;
  // { newest, epochs: { epoch: { counter, hash, keyring } },
  // lacked: { epoch: [from, to] } that somebody knows to be gone, notSigned: what is known of that }
  #known;
  #read = null; // what was last read or written there
  #counted; // the tips whose arrivals have come
  #hasLearned = false; // all that the last numbers lead back to
  #faults = [];
  #gone = {}; // of epochs: the numbers that are
  #firsts = []; // of epochs: what they follow on has to be there
  #notSigned = []; // in words, for as long as it stands among them: it counts for nothing
  #turn = Promise.resolve();

  constructor(desk) {
    this.#desk = desk;
    this.#place = `sapo-arrivals:${desk.key.root}`;
    this.#known = { newest: null, epochs: {}, lacked: {} };
    this.#counted = new Counted();
    this.#recall();
  }

  /** Takes what this browser keeps: another tab may have seen later numbers meanwhile. */
  #recall() {
    const text = localStorage.getItem(this.#place);
    if (!text || text === this.#read) return; // of a long queue it is much
    this.#read = text;
    const kept = JSON.parse(text);
    const known = this.#known;
    const later = Object.entries(kept.epochs).filter(
      ([epoch, { counter }]) => counter > (known.epochs[epoch]?.counter ?? 0),
    );
    if (later.length) known.newest = kept.newest;
    Object.assign(known.epochs, Object.fromEntries(later));
    Object.assign(known.lacked, kept.lacked);
    known.notSigned ??= kept.notSigned;
    this.#counted.recall(kept.tips ?? []);
  }

  /** The epoch, counter and hash of the last one that was checked: what a note's writer had seen. */
  get newest() {
    return this.#known.newest;
  }

  /** Takes what the writer of a note had seen: a number that has not come here is gone. */
  async hear([epoch, counter]) {
    const newest = () => this.#known.epochs[epoch]?.counter ?? 0;
    if (!epoch || counter <= newest()) return;
    await this.#caughtUp();
    this.#blameGone(epoch, newest(), counter);
  }

  /** Numbers of the epoch have been, and are not there: but for those that are known to be gone. */
  #blameGone(epoch, newest, counter) {
    const from = newest + 1;
    const [first, last] = this.#known.lacked[epoch] ?? [Infinity, 0];
    if (from > counter || (first <= from && counter <= last)) return;
    this.#gone[epoch] = [from, counter];
    this.#blame(ARRIVALS.gone(from, counter));
  }

  /** Fetches the numbers that have come since, and says in the place what is wrong. */
  async show(place) {
    const desk = this.#desk;
    const { key } = desk;
    const isChecking = () => place.replaceChildren(h("p", { class: "desk-quiet" }, ARRIVALS.checking));
    const waiting = setTimeout(isChecking, SAID_AFTER_MS);
    try {
      await this.#caughtUp();
      if (desk.key === key) this.#tell(place);
    } catch (error) {
      if (desk.key === key) place.replaceChildren(...this.#whyUnchecked(error));
    } finally {
      clearTimeout(waiting);
    }
  }

  #whyUnchecked(error) {
    // Why nothing can be checked is said already, where the keyring is.
    if (error instanceof NotBelieved) return [];
    if (!(error instanceof Unchecked)) return [this.#desk.explain(error)];
    return [notice("danger", ARRIVALS.unchecked, h("p", {}, ARRIVALS.uncheckedReport))];
  }

  /** One at a time: two would take the same numbers twice. */
  #inTurn(act) {
    const turn = this.#turn.catch(() => {}).then(() => within(MOST_MS, act));
    this.#turn = turn;
    return turn;
  }

  #caughtUp = () => this.#inTurn((now) => this.#catchUp(now));

  async #catchUp(now) {
    const { trust, queue } = this.#desk;
    await trust.ring(queue); // without one there is nothing to check by
    this.#recall();
    const before = { ...this.#known.epochs };
    // From the number before the last that is known: so that this is sent once more.
    const asked = Object.entries(before).slice(-MOST_ASKED);
    const known = asked.map(([epoch, { counter }]) => `${epoch}:${counter - 1}`).join();
    const here = new Set(); // the hashes of those that have come
    const reached = {};
    const unsigned = [];
    let last;
    for await (last of this.#lots(known, now)) {
      for (const [at, arrival] of last.signed.entries()) {
        if (arrival) {
          here.add(arrival.hash);
          reached[arrival.epoch] = arrival.counter;
          this.#take(arrival);
        } else unsigned.push(last.rows[at]);
      }
    }
    await this.#judgeFirsts([...here, ...Object.values(before).map(({ hash }) => hash)], now);
    this.#notSigned = saidOf(unsigned, this.#known.epochs);
    for (const [epoch, { counter, hash }] of Object.entries(before)) {
      // The last number that was known here must be there.
      const newest = Math.max(last.newest(epoch), reached[epoch] ?? 0);
      if (!here.has(hash)) this.#blameGone(epoch, Math.min(newest, counter - 1), counter);
    }
    const { vanished } = last;
    if (vanished.length) {
      this.#blame(ARRIVALS.vanished(vanished.slice(0, MOST_NAMED), vanished.length));
    }
    if (!this.#faults.length) this.#keep();
  }

  /**
   * Takes of the whole chain what is not remembered though it was counted, since a browser keeps no more:
   * from the last numbers back, each by the hash that the one after it names.
   */
  async #learn(now) {
    if (this.#hasLearned) return;
    const there = new Map();
    for await (const { signed } of this.#lots("", now)) {
      for (const arrival of signed) if (arrival) there.set(arrival.hash, arrival);
    }
    for (const { hash } of Object.values(this.#known.epochs)) {
      for (let at = there.get(hash); at; at = there.get(at.previous)) {
        this.#counted.take(at);
        there.delete(at.hash);
      }
    }
    this.#hasLearned = true;
  }

  /** What has come after the numbers that are known, lot by lot, with what is signed of each row. */
  async *#lots(known, now) {
    const asked = new Set();
    let next = "";
    do {
      asked.add(next);
      const answer = answerIn(await this.#desk.api.arrivals(known, next));
      ({ next } = answer);
      const signed = await this.#signedOf(answer.rows);
      const goesForward = !next || (answer.rows.length && !asked.has(next));
      if (now.isOver || !goesForward) throw new Unchecked();
      yield { ...answer, signed };
    } while (next);
  }

  /** An epoch follows on a number that is there: one of these, or any other. */
  async #judgeFirsts(hashes, now) {
    const there = new Set([...hashes, NOTHING_BEFORE]);
    const isLoose = ({ previous }) => !there.has(previous);
    if (this.#firsts.some(isLoose)) {
      for await (const { signed } of this.#lots("", now)) {
        for (const arrival of signed) if (arrival) there.add(arrival.hash);
      }
    }
    for (const { on } of this.#firsts.filter(isLoose)) this.#blame(ARRIVALS.cut(on));
    this.#firsts = [];
  }

  /** Of each row the arrival; null where it is not signed, or for another place than it stands in. */
  async #signedOf(rows) {
    let asked = null;
    // Once for all of them: what they were signed under was there before they were.
    const stands = () => (asked ??= this.#desk.api.stands());
    const found = [];
    for (const row of rows) {
      try {
        const arrival = await quicklyChecked(row, await this.#ringsOf(row, stands));
        const isHere = arrival.epoch === row.epoch && arrival.counter === row.counter;
        found.push(isHere ? arrival : null);
      } catch (error) {
        if (!(error instanceof Untrusted)) throw error;
        found.push(null);
      }
    }
    return found;
  }

  /** Takes what is signed. */
  #take(arrival) {
    const { epoch, counter, previous, hash, on, way, keyring } = arrival;
    const { epochs } = this.#known;
    const last = epochs[epoch];
    const number = (last?.counter ?? 0) + 1;
    if (counter < number) return; // it has come before
    const before = last?.keyring ?? 0;
    if (counter > number) this.#blame(ARRIVALS.gap(number, counter - 1));
    else if (last ? last.hash !== previous : way !== "epoch") {
      this.#blame(ARRIVALS.unlinked(counter));
    }
    // Signed by a key that has been replaced since.
    if (keyring < before) this.#blame(ARRIVALS.unlinked(counter));
    if (!last && Object.keys(epochs).length) this.#blame(ARRIVALS.anew(on));
    epochs[epoch] = { counter, hash, keyring: Math.max(keyring, before) };
    this.#known.newest = { epoch, counter, hash };
    if (way === "epoch") this.#firsts.push({ on, previous });
    this.#counted.take(arrival);
  }

  #blame(text) {
    if (!this.#faults.includes(text)) this.#faults.push(text);
  }

  #tell(place) {
    const notSigned = this.#notSigned;
    const isKnownOf = notSigned.join() === this.#known.notSigned;
    const faults = [...(isKnownOf ? [] : notSigned), ...this.#faults];
    if (!faults.length) return place.replaceChildren();
    const isKnown = () => {
      this.#faults = [];
      Object.assign(this.#known.lacked, this.#gone);
      this.#known.notSigned = notSigned.join();
      this.#keep();
      this.#tell(place);
      this.#desk.focusHeading();
    };
    const list = h("ul", {}, faults.slice(0, MOST_NAMED).map((text) => h("li", {}, text)));
    const end = h("p", {}, button(ARRIVALS.known, isKnown));
    place.replaceChildren(notice("danger", ARRIVALS.heading, list, h("p", {}, ARRIVALS.report), end));
  }

  /** What is wrong is said again each time, until somebody has said that it is known. */
  #keep() {
    this.#recall();
    const tips = this.#counted.kept;
    this.#read = JSON.stringify({ ...this.#known, tips });
    localStorage.setItem(this.#place, this.#read);
  }

  /** What was signed of a tip with this content; in words, why it must not be read. */
  async checked(signed, content, body, digestThere) {
    if (!signed) {
      await this.#caughtUp();
      return { fault: this.#counted.has(content.id) ? ARRIVALS.withheld : ARRIVALS.missing };
    }
    try {
      const rings = await this.#ringsOf(signed);
      const found = await checkedArrival(signed, rings, content, body.way, digestThere);
      const fault = await this.#whyNotCounted(found.arrival);
      return fault ? { fault } : found;
    } catch (error) {
      if (!(error instanceof Untrusted)) throw error;
      return { fault: error.code === "content" ? ARRIVALS.exchanged : ARRIVALS.forged };
    }
  }

  /** In words, that a tip's arrival is not the one that was counted for it. */
  async #whyNotCounted(arrival) {
    const { tip } = arrival;
    if (!this.#counted.has(tip)) await this.#caughtUp();
    if (!this.#counted.has(tip)) await this.#inTurn((now) => this.#learn(now));
    if (!this.#counted.has(tip)) return ARRIVALS.notCounted;
    return this.#counted.isOther(arrival) ? ARRIVALS.other : null;
  }

  /** Why heads must not be shown, by the ids of their tips; of what cannot be told yet, nothing. */
  async faultsOf(heads) {
    const isUnheard = ({ id }) => !this.#counted.has(id);
    let isCaughtUp = true;
    try {
      if (heads.some(isUnheard)) await this.#caughtUp();
      if (heads.some(isUnheard)) await this.#inTurn((now) => this.#learn(now));
    } catch {
      isCaughtUp = false; // why is said where the numbers are
    }
    const found = new Map();
    for (const head of heads) {
      if (this.hasOtherHead(head)) found.set(head.id, ARRIVALS.exchanged);
      else if (isCaughtUp && isUnheard(head)) found.set(head.id, ARRIVALS.missing);
    }
    return found;
  }

  /** Whether a head is known to be another than the one that was counted. */
  hasOtherHead({ id, payload }) {
    return this.#counted.isOtherHead(id, payload);
  }

  /** Whether what the server calls a tip's arrival is another than the one that was counted. */
  hasOther = ({ id, arrival_hash: hash }) => Boolean(hash) && this.#counted.isOther({ tip: id, hash });

  /** The keyrings to check it by; one that is newer than the queue knows is asked for. */
  async #ringsOf(signed, stands = this.#desk.api.stands) {
    const { trust, queue } = this.#desk;
    const serial = serialIn(signed);
    const ring = await trust.ring(queue);
    return await trust.ringsFrom(serial, serial > ring.serial ? await stands() : queue);
  }
}

/** What is said of rows that are not signed: numbers of the intake's epochs, and epochs made up. */
function saidOf(rows, epochs) {
  const isOfOurs = ({ epoch, counter }) => Object.hasOwn(epochs, epoch) && counter !== null;
  const numbers = rows.filter(isOfOurs).map(({ counter }) => counter);
  const madeUp = new Set(rows.filter((row) => !isOfOurs(row)).map(({ epoch }) => epoch));
  return [
    numbers.length && ARRIVALS.notSigned(numbers.slice(0, MOST_NAMED), numbers.length),
    madeUp.size && ARRIVALS.madeUp(madeUp.size),
  ].filter(Boolean);
}

/** The keyring that it names, before it has been checked. */
const serialIn = ({ message }) => Number(/"keyring":([1-9]\d{0,9}),/.exec(message)?.[1] ?? 1);
