// What the desk asks of tips. What comes is sealed, or says nothing of what a tip contains.
import { askAgain } from "./ask_again.js";
import { Server } from "./server.js";

const MOST_ENTRIES = 16;
const NEVER = 999_999_999;

export class Api {
  #home;
  #server;

  constructor(home, token) {
    this.#home = home;
    this.#server = new Server(home, askAgain, { token });
  }

  /** Those of the keyring's entries whose keys are open here: tips come with their heads. */
  set entries(entries) {
    this.#server.entries = entries.slice(0, MOST_ENTRIES).join(",");
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
  /** The tips that have come in since; the page asks by itself, so it is no sign of life. */
  news = (since) => this.#server.get(`api/ko/nytt/?sedan=${since}`, false);
  open = (id) => this.#server.post(`api/tips/${id}/oppna/`);
  step = (id, asked) => this.#server.post(`api/tips/${id}/steg/`, asked);
  note = (id, note) => this.#server.post(`api/tips/${id}/anteckningar/`, note);
  /** Signers and keyrings, as files that prove themselves; all that follow the one seen. */
  trust = (seen) => this.#server.get(`api/nyckelring/?sett=${seen}`, false);
  headers = (after) => this.#server.get(`api/omslag/${after ? `?efter=${after}` : ""}`);
  rewrapped = (lot) => this.#server.post("api/omslag/", lot);
  file = (id, file) => this.#server.octets(`api/tips/${id}/filer/${file}/`);
  fileAddress = (id, file) => `${this.#home}api/tips/${id}/filer/${file}/`;
  logOut = () => this.#server.post("api/logga-ut/");
  bundleAddress = (id) => `${this.#home}tips/${id}/forseglat.zip`;
}
