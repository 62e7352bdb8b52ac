// Which keyring the desk seals to: one that it has checked itself, from the roots that it knows.
import LIST from "../../sealing/ordlista.txt";
import { dayAfter, daysBetween, today } from "../words/dates.js";
import { h } from "../page_parts/dom.js";
import { notice } from "../page_parts/forms.js";
import { GRACE, believed, pinOf, withThoseBefore } from "./keyring.js";
import { refusalIn } from "../words/refusals.js";
import { TRUST } from "../words/texts.js";
import { NotBelieved, Untrusted, wordRows } from "./trust.js";

const WARNED = 60; // days before the last

export class DeskTrust {
  #api;
  #root;
  #rings = null; // by their serials: what arrivals of before were signed under
  #askedFrom = 0;
  #found = null; // { hash, ring }: what was believed, by what the server calls it
  #heard = { serial: 0 }; // the newest keyring that a note names, and whose note
  #agreed = 0; // the newest that the handler knows of and does without

  /** `root` is the key file's; the release's stands in the page. */
  constructor(api, root) {
    this.#api = api;
    this.#root = root;
  }

  /** The ring that holds now; NotBelieved, in words, where there is none that can be believed. */
  async ring({ keyring }) {
    if (keyring.fault) throw new NotBelieved(refusalIn(keyring.fault));
    if (this.#found?.hash === keyring.hash && !isOver(this.#found.ring)) return this.#found.ring;
    try {
      this.#found = { hash: keyring.hash, ring: await this.#believed() };
    } catch (error) {
      if (!(error instanceof Untrusted)) throw error;
      throw new NotBelieved(TRUST.fault(error.code));
    }
    return this.#found.ring;
  }

  /** The same, for sealing: not before a question about a later one has been answered. */
  async ringToSeal(queue) {
    const ring = await this.ring(queue);
    if (this.behind(ring)) throw new NotBelieved(TRUST.behindFirst);
    return ring;
  }

  /** Keeps that somebody's note, which proves whose it is, names this keyring. */
  hear(heard) {
    if (heard.serial > this.#heard.serial) this.#heard = heard;
  }

  /** Who names which later keyring, if that has not been answered. */
  behind = ({ serial }) => this.#heard.serial > Math.max(serial, this.#agreed) && this.#heard;

  agree({ serial }) {
    this.#agreed = serial;
  }

  /** The name of whose entry it is, or was; undefined where the keyring has none. */
  nameOf(account) {
    const { entries = [], former = [] } = this.#found?.ring ?? {};
    return [...entries, ...former].find(({ id }) => id === account)?.name;
  }

  /** Sees to it that names are known, where a keyring can be believed; others say where not. */
  learn = (queue) => this.ring(queue).catch(() => {});

  /** Keyrings by their serials, from this one to the one that holds now. */
  async ringsFrom(serial, state) {
    const ring = await this.ring(state);
    if (this.#rings?.get(ring.serial) !== ring) {
      this.#rings = new Map([[ring.serial, ring]]);
      this.#askedFrom = ring.serial;
    }
    if (serial < this.#askedFrom) {
      const { files } = await this.#api.trustFrom(serial);
      this.#rings = withThoseBefore(ring, files);
      this.#askedFrom = serial;
    }
    return this.#rings;
  }

  async #believed() {
    const said = rootHere();
    if (!said) throw new Untrusted("no-root-here", "the page was made without a root");
    if (!this.#root) throw new Untrusted("no-root", "the key file has no root");
    const [ofRelease, own] = [pinOf(said), pinOf(this.#root)];
    const place = `sapo-trust:${own.hash}`;
    const seen = remembered(place);
    const { files } = await this.#api.trust(seen?.serial ?? 0);
    const found = await believed(files, [ofRelease, own], { seen, today: today() });
    // Another tab may have seen a later one meanwhile.
    if ((remembered(place)?.serial ?? 0) <= found.seen.serial)
      localStorage.setItem(place, JSON.stringify(found.seen));
    return found.ring;
  }
}

const rootHere = () => document.querySelector('meta[name="sapo-root"]').content;

/** Whether its fortnight is over: then it is looked at anew, and refused in words. */
const isOver = (ring) => daysOver(ring) > GRACE;
const daysOver = ({ lastDay }) => daysBetween(lastDay, today());

/** The newest keyring that this browser has believed. */
function remembered(place) {
  const kept = localStorage.getItem(place);
  if (kept === null) return null;
  const { serial, hash, signers } = JSON.parse(kept);
  return { serial, hash, signers };
}

/** The keyring in words, computed here: for two people to compare. */
export const inWords = (ring) =>
  h(
    "div",
    { class: "desk-quiet" },
    h("p", {}, TRUST.keyring(ring.serial, ring.lastDay)),
    soon(ring),
    h(
      "ul",
      { class: "desk-words" },
      wordRows(ring.hash, LIST).map((row) => h("li", {}, row)),
    ),
  );

/** Says so where it is time for the next keyring. */
function soon(ring) {
  const left = -daysOver(ring);
  return left > WARNED || left < 0 ? null : h("p", {}, h("strong", {}, TRUST.soon(left)));
}

/** Says, wherever one works, that the last day has gone; nothing before. */
export function overdue(ring) {
  if (daysOver(ring) <= 0) return [];
  const until = dayAfter(ring.lastDay, GRACE);
  return notice("danger", TRUST.over(ring.lastDay, until), h("p", {}, TRUST.overText));
}

/** The keyring by which what is signed is judged; null where none can be believed. */
export async function believedRing({ trust, queue }) {
  try {
    return await trust.ring(queue);
  } catch (error) {
    if (error instanceof NotBelieved) return null;
    throw error;
  }
}

/** Why nothing is sealed from here. */
export const notBelieved = (error) =>
  notice("danger", TRUST.heading, h("p", {}, error.message), h("p", {}, TRUST.call));

/** Fills the place with what `shown` makes of the ring, or with why it is not believed. */
export async function withRing(desk, place, shown, unbelieved = notBelieved) {
  const { key, queue } = desk;
  let element;
  try {
    element = shown(await desk.trust.ring(queue));
  } catch (error) {
    element = error instanceof NotBelieved ? unbelieved(error) : desk.explain(error);
  }
  if (desk.key === key) place.replaceChildren(...[element].flat().filter(Boolean));
}
