// Which keyring the desk seals to: one that it has checked itself, from the roots that it knows.
import LIST from "../sealing/ordlista.txt";
import { h } from "./dom.js";
import { notice } from "./forms.js";
import { believed, pinOf } from "./keyring.js";
import { TRUST } from "./texts.js";
import { Untrusted, wordRows } from "./trust.js";

const DAY = 24 * 60 * 60 * 1000;
const WARNED = 60; // days before the last

/** A keyring that must not be sealed to: what the desk says instead, and whom to call. */
export class NotBelieved extends Error {}

export class DeskTrust {
  #api;
  #root;
  #found = null; // { hash, ring }: what was believed, by what the server calls it

  /** `root` is the key file's; the release's stands in the page. */
  constructor(api, root) {
    this.#api = api;
    this.#root = root;
  }

  /** The ring that holds now; NotBelieved, in words, where there is none that can be believed. */
  async ring({ keyring }) {
    if (keyring.fault) throw new NotBelieved(keyring.fault);
    if (this.#found?.hash === keyring.hash && !isOver(this.#found.ring)) return this.#found.ring;
    try {
      this.#found = { hash: keyring.hash, ring: await this.#believed() };
    } catch (error) {
      if (!(error instanceof Untrusted)) throw error;
      throw new NotBelieved(TRUST.fault(error.code));
    }
    return this.#found.ring;
  }

  async #believed() {
    if (!this.#root) throw new Untrusted("no-root", "the key file has no root");
    const own = pinOf(this.#root);
    const ofRelease = pinOf(document.querySelector('meta[name="sapo-root"]').content);
    const place = `sapo-trust:${own.hash}`;
    const seen = remembered(place);
    const { files } = await this.#api.trust(seen?.serial ?? 0);
    const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Stockholm" });
    const found = await believed(files, [ofRelease, own], { seen, today });
    // Another tab may have seen a later one meanwhile.
    if ((remembered(place)?.serial ?? 0) <= found.seen.serial)
      localStorage.setItem(place, JSON.stringify(found.seen));
    return found.ring;
  }
}

/** Whether its last day is over: then it is looked at anew, and refused in words. */
const isOver = ({ notAfter }) => Date.now() > notAfter + DAY;

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
function soon({ notAfter }) {
  const left = Math.ceil((notAfter - Date.now()) / DAY);
  return left > WARNED ? null : h("p", {}, h("strong", {}, TRUST.soon(Math.max(left, 0))));
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
