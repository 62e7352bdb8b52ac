// Asks the server. What it answers is sealed, or says nothing of what a tip contains.

/** The session has ended, or this account may no longer come in. */
export class LoggedOut extends Error {}
/** Somebody else came first; `answer` is how things stand now. */
export class Conflict extends Error {
  constructor(answer) {
    super("conflict");
    this.answer = answer;
  }
}
/** The server refuses what was asked; `message` is its explanation, in Swedish. */
export class Refused extends Error {}
/** No answer, or one that cannot be understood. */
export class Unreachable extends Error {}

export class Api {
  #home;
  #token;

  constructor(home, token) {
    this.#home = home;
    this.#token = token;
  }

  /** How the desk stands, and the first lot of the queue; `next` tells where the second begins. */
  queue = (withClosed, isActive = true) =>
    this.#json(`api/ko/${withClosed ? "?alla=1" : ""}`, null, isActive);
  moreOfQueue = (withClosed, next) =>
    this.#json(`api/ko/?efter=${next}${withClosed ? "&alla=1" : ""}`, null, false);
  /** The tips that have come in since; the page asks by itself, so it is no sign of life. */
  news = (since) => this.#json(`api/ko/nytt/?sedan=${since}`, null, false);
  open = (id) => this.#json(`api/tips/${id}/oppna/`, {});
  step = (id, asked) => this.#json(`api/tips/${id}/steg/`, asked);
  note = (id, note) => this.#json(`api/tips/${id}/anteckningar/`, note);
  headers = (after) => this.#json(`api/omslag/${after ? `?efter=${after}` : ""}`);
  rewrapped = (lot) => this.#json("api/omslag/", lot);
  fileAddress = (id, file) => `${this.#home}api/tips/${id}/filer/${file}/`;
  bundleAddress = (id) => `${this.#home}tips/${id}/forseglat.zip`;

  async file(id, file) {
    const response = await this.#ask(`api/tips/${id}/filer/${file}/`);
    if (!response.ok) throw new Unreachable(String(response.status));
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch {
      throw new Unreachable("cut off");
    }
  }

  async #json(path, asked = null, isActive = true) {
    const body = asked && JSON.stringify(asked);
    const options = () =>
      body
        ? {
            method: "POST",
            headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token },
            body,
          }
        : // Without the header a question is no sign that somebody is there.
          { headers: isActive ? { "X-Desk-Active": "1" } : {} };
    const response = await this.#ask(path, options);
    let answer = null;
    try {
      answer = await response.json();
    } catch {
      // Some refusals have no explanation.
    }
    if (response.ok && answer) return answer;
    if (response.status === 409 && answer) throw new Conflict(answer);
    if (answer?.error) throw new Refused(answer.error);
    throw new Unreachable(String(response.status));
  }

  async #ask(path, options = () => ({})) {
    let response = await this.#fetch(path, options());
    // A login in another tab gives another token.
    if (response.status === 403 && (await this.#renew())) {
      response = await this.#fetch(path, options());
    }
    if (response.type === "opaqueredirect" || response.status === 401) {
      throw new LoggedOut(String(response.status));
    }
    return response;
  }

  async #fetch(path, options) {
    try {
      return await fetch(this.#home + path, {
        credentials: "same-origin",
        cache: "no-store",
        redirect: "manual",
        ...options,
      });
    } catch {
      throw new Unreachable("no answer");
    }
  }

  /** Takes the form token that the server gives now; whether it was another. */
  async #renew() {
    const response = await this.#fetch("", {});
    if (!response.ok) return false;
    const [, token] = /data-token="([\w-]+)"/.exec(await response.text()) ?? [];
    const isOther = Boolean(token) && token !== this.#token;
    if (isOther) this.#token = token;
    return isOther;
  }
}
