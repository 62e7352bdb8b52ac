// What the desk asks of tips. What comes is sealed, or says nothing of what a tip contains.
import { Conflict, OtherTip, Server } from "../page_parts/server.js";
import { TIP } from "../words/texts.js";

const MOST_ENTRIES = 16;
const NEVER = 999_999_999;

export class Api {
  #server;

  /**
   * What is asked with this key, if one is open; `isLoggedOut()` is called when the server says that there is no
   * session of its handler. Of the keyring's entries those are named whose keys it has: tips come with their heads.
   */
  constructor(home, key, isLoggedOut) {
    const entries = key?.entries.slice(0, MOST_ENTRIES).join(",");
    const said = key ? { "X-Desk-Handler": key.handler, "X-Desk-Entries": entries } : {};
    this.#server = new Server(home, said, isLoggedOut);
  }

  /** How the desk stands, and the first lot of the queue; `next` tells where the second begins. */
  queue = (withClosed) => this.#server.get(`api/ko/${withClosed ? "?alla=1" : ""}`);
  /** How the desk stands, without the queue: nothing has changed after an event still to come. */
  stands = () => this.#server.get(`api/ko/?sedan=${NEVER}`, false);
  /** What has changed in the queue after an event: tips as they are now, and those that are gone. */
  changes = (since, withClosed) =>
    this.#server.get(`api/ko/?sedan=${since}${withClosed ? "&alla=1" : ""}`);
  moreOfQueue = (withClosed, next) =>
    this.#server.get(`api/ko/?efter=${next}${withClosed ? "&alla=1" : ""}`, false);
  /** The tips that have come in since, and who reads what; the page asks by itself, so it is no sign of life. */
  news = (since, reading) =>
    this.#server.get(`api/ko/nytt/?sedan=${since}&laser=${reading}`, false);
  beginSearch = () => this.#server.post("api/genomsokning/");
  /** The next tips' sealed texts for a search; it goes on by itself, so it is no sign of life. */
  texts = (withClosed, next) => {
    const asked = { ...(withClosed && { alla: 1 }), ...(next && { efter: next }) };
    return this.#server.get(`api/genomsokning/texter/?${new URLSearchParams(asked)}`, false);
  };
  open = (id) => this.#ofTip(id, "oppna/");
  /** Does what is signed, of one tip or of many. */
  act = (signed) => this.#server.post("api/steg/", signed);
  actOn = (id, signed) => this.#about(id, this.act(signed));
  note = (id, note) => this.#ofTip(id, "anteckningar/", note);
  /** Signers and keyrings, as files that prove themselves; all that follow the one seen. */
  trust = (seen) => this.#server.get(`api/nyckelring/?sett=${seen}`, false);
  /** The keyrings from this serial to the one before the present one. */
  trustFrom = (serial) => this.#server.get(`api/nyckelring/?fran=${serial}`, false);
  /** What the intake has signed, after the last number known of each epoch; `next`: a further lot. */
  arrivals = (known, next) =>
    this.#server.get(`api/ankomster/?${new URLSearchParams({ efter: known, fran: next })}`, false);
  headers = (after) => this.#server.get(`api/omslag/${after ? `?efter=${after}` : ""}`);
  rewrapped = (lot) => this.#server.post("api/omslag/", lot);
  file = (id, file) => this.#server.octets(`api/tips/${id}/filer/${file}/`);
  /** What a view shows that needs no key, and what is done there. */
  shown = (path) => this.#server.get(`api/${path}`);
  stop = (half) => this.#server.post("api/stopp/", half);
  register = (period) => this.#server.octets(`api/register/register.csv${period}`);
  challenge = () => this.#server.post("api/utmaning/");
  logIn = (proof) => this.#server.post("api/logga-in/", proof);
  logOut = () => this.#server.post("api/logga-ut/");
  /** The tip with its files and notes, all still sealed. */
  bundle = (id) => this.#server.octets(`api/tips/${id}/forseglat.zip`);

  #ofTip = (id, path, asked) => this.#about(id, this.#server.post(`api/tips/${id}/${path}`, asked));

  /** What is answered of a tip, also where somebody else came first. */
  async #about(id, answer) {
    try {
      return sameTip(id, await answer);
    } catch (error) {
      if (error instanceof Conflict) sameTip(id, error.answer);
      throw error;
    }
  }
}

/** The answer, if the tip that it tells of is the one that was asked for. */
function sameTip(id, answer) {
  if (answer.tip && answer.tip.id !== id) throw new OtherTip(TIP.other);
  return answer;
}
