// Asks the desk's server. Whatever it answers is data: it is never taken for a page.
import { AGAIN } from "./login_words.js";

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

const LONGEST_REASON = 500;

export class Server {
  #home;
  #askAgain;
  #isLoggedOut;
  #token;
  entries = "";

  /**
   * `askAgain(server)` lets a person show once more who they are; whether they did. `token` is the
   * form token, where the page has one.
   */
  constructor(home, askAgain, { isLoggedOut = () => {}, token = "" } = {}) {
    this.#home = home;
    this.#askAgain = askAgain;
    this.#isLoggedOut = isLoggedOut;
    this.#token = token;
  }

  /** Without a person behind it a question is no sign that somebody is there. */
  get = (path, isActive = true) =>
    this.#json(path, () => ({ headers: isActive ? { "X-Desk-Active": "1" } : {} }));

  post = (path, asked = {}) =>
    this.#json(path, () => ({
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asked),
    }));

  async octets(path) {
    const response = await this.#ask(path, {});
    if (!response.ok) throw new Unreachable(String(response.status));
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch {
      throw new Unreachable("cut off");
    }
  }

  async #json(path, options) {
    let [response, answer] = await this.#answer(path, options());
    const asksAgain = () => response.status === 403 && answer?.ask_again === true;
    // A login in another tab gives another token.
    if (response.status === 403 && !asksAgain() && (await this.#renew())) {
      [response, answer] = await this.#answer(path, options());
    }
    if (asksAgain()) {
      if (!(await this.#askAgain(this))) throw new Refused(AGAIN.cancelled);
      [response, answer] = await this.#answer(path, options());
    }
    if (response.ok && answer) return answer;
    if (response.status === 409 && answer) throw new Conflict(answer);
    if (typeof answer?.error === "string" && answer.error) {
      throw new Refused(answer.error.slice(0, LONGEST_REASON));
    }
    throw new Unreachable(String(response.status));
  }

  async #answer(path, options) {
    const response = await this.#ask(path, options);
    let answer = null;
    try {
      answer = await response.json();
    } catch {
      // Some refusals have no explanation.
    }
    return [response, answer && typeof answer === "object" ? answer : null];
  }

  async #ask(path, options) {
    let response;
    try {
      response = await fetch(this.#home + path, {
        credentials: "same-origin",
        cache: "no-store",
        redirect: "manual",
        ...options,
        headers: {
          ...options.headers,
          "X-Desk": "1", // no page of another site can send it
          ...(this.entries && { "X-Desk-Entries": this.entries }),
          ...(this.#token && { "X-CSRFToken": this.#token }),
        },
      });
    } catch {
      throw new Unreachable("no answer");
    }
    if (response.type === "opaqueredirect" || response.status === 401) {
      this.#isLoggedOut();
      throw new LoggedOut(String(response.status));
    }
    return response;
  }

  /** Takes the form token that the server gives now; whether it was another. */
  async #renew() {
    if (!this.#token) return false;
    const response = await this.#ask("", {});
    if (!response.ok) return false;
    const [, token] = /data-token="([\w-]+)"/.exec(await response.text()) ?? [];
    const isOther = Boolean(token) && token !== this.#token;
    if (isOther) this.#token = token;
    return isOther;
  }
}
