// What the desk asks of tips. What comes is sealed, or says nothing of what a tip contains.
import { askAgain } from "./ask_again.js";
import { Server } from "./server.js";

export class Api {
  #home;
  #server;

  constructor(home, token) {
    this.#home = home;
    this.#server = new Server(home, askAgain, { token });
  }

  /** How the desk stands, and the first lot of the queue; `next` tells where the second begins. */
  queue = (withClosed, isActive = true) =>
    this.#server.get(`api/ko/${withClosed ? "?alla=1" : ""}`, isActive);
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
