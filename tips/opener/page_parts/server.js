// Asks the desk's server. Whatever it answers is data: it is never taken for a page.
import { inItsForm } from "../words/answer_forms.js";
import { refusalIn } from "../words/refusals.js";

/** There is no session: it has ended, or this handler's entry is not in the keyring any more. */
export class LoggedOut extends Error {}
/** Somebody else came first; `answer` is how things stand now, and `message` says so. */
export class Conflict extends Error {
  constructor(answer) {
    super(refusalIn(answer));
    this.answer = answer;
  }
}
/** The server refuses what was asked; `message` says why, in words of the page. */
export class Refused extends Error {}
/** What was asked for is there no more, however often one asks. */
export class Gone extends Refused {}
/** The server answers about another tip than the one that was asked for; `message` says so. */
export class OtherTip extends Error {}
/** No answer, or one that cannot be understood. */
export class Unreachable extends Error {}

export class Server {
  #home;
  #said;
  #isLoggedOut;

  /** `said` are headers of every request: of two tabs in one browser the session is the later login's. */
  constructor(home, said, isLoggedOut) {
    this.#home = home;
    this.#said = said;
    this.#isLoggedOut = isLoggedOut;
  }

  /** Without a person behind it a question is no sign that somebody is there. */
  get = (path, isActive = true) =>
    this.#json(path, { headers: isActive ? { "X-Desk-Active": "1" } : {} });

  post = (path, asked = {}) =>
    this.#json(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asked),
    });

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
    const response = await this.#ask(path, options);
    const answer = await answerIn(response);
    if (response.ok && answer) return answer;
    if (response.status === 409 && answer) throw new Conflict(answer);
    if (answer?.error) throw new (response.status === 404 ? Gone : Refused)(refusalIn(answer));
    throw new Unreachable(String(response.status));
  }

  async #ask(path, options) {
    let response;
    try {
      response = await fetch(this.#home + path, {
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error", // nobody is led elsewhere
        ...options,
        headers: {
          ...options.headers,
          "X-Desk": "1", // no page of another site can send it
          ...this.#said,
        },
      });
    } catch {
      throw new Unreachable("no answer");
    }
    if (response.status === 401) {
      this.#isLoggedOut();
      throw new LoggedOut();
    }
    return response;
  }
}

/** What is answered; null where that is nothing that can be read: some refusals have no explanation. */
async function answerIn(response) {
  try {
    const answer = JSON.parse(await response.text(), inItsForm);
    return answer && typeof answer === "object" ? answer : null;
  } catch {
    return null;
  }
}
