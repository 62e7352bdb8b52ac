// The pages where handlers log in, and of accounts: one document for all of them.
import { accountView } from "./account.js";
import { askAgain } from "./ask_again.js";
import { codesView } from "./once_codes.js";
import { h } from "./page_parts/dom.js";
import { enrolmentView } from "./enrolment.js";
import { firstTimeView } from "./first_time.js";
import { alarm, lastWarning } from "./page_parts/forms.js";
import { deskFrame } from "./page_parts/frame.js";
import { watchIdleness } from "./desk/idle.js";
import { loginView, secondView } from "./login_form.js";
import { FRAME, SECOND } from "./login_words.js";
import { LoggedOut, Server } from "./page_parts/server.js";
import { reason } from "./page_parts/sheet.js";
import { COMMON } from "./words/texts.js";

const OPEN = { "logga-in/": loginView, "ny/": firstTimeView };
const INSIDE = { "konto/": accountView };
const SAID_FOR = 12_000;

class Door {
  account = null; // the server's latest answer about this account
  #sayingNothing = 0;
  #isHolding = false;
  #isHalf = false;

  constructor(root) {
    this.root = root;
    this.home = root.dataset.home;
    this.page = location.pathname.slice(this.home.length);
    this.server = new Server(this.home, askAgain, {
      isLoggedOut: () => this.#isLoggedOut(),
    });
    this.status = document.getElementById("besked");
    addEventListener("beforeunload", (event) => this.#isHolding && event.preventDefault());
    // What was shown once is not shown again by going back.
    addEventListener("pagehide", () => this.root.replaceChildren());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  /** Shows the view of this address. */
  async begin() {
    if (this.page in OPEN) {
      this.show(OPEN[this.page](this));
      if (this.page === "logga-in/") await this.#goOn();
      return;
    }
    // Inside there is the desk's frame in place of the panel that says where one logs in.
    document.body.classList.remove("gate", "gate--desk");
    document.getElementById("grind").remove();
    try {
      this.account = await this.server.get("api/konto/");
    } catch (error) {
      if (!(error instanceof LoggedOut)) this.fail(error);
      return;
    }
    if (this.account.step !== "in") return this.leave("");
    this.#frame();
    watchIdleness({
      warn: () => this.#warn(),
      calm: () => this.#warning?.remove(),
      lock: () => this.logOut("slut"),
    });
    this.show(INSIDE[this.page](this));
  }

  #isLoggedOut() {
    if (this.page in INSIDE) this.leave("slut");
    // Half a login does not last long, nor through many wrong answers.
    else if (this.#isHalf) this.show(loginView(this, SECOND.ended));
    this.#isHalf = false;
  }

  /** Who is logged in already goes on, and who was about to protect the account as well. */
  async #goOn() {
    let account;
    try {
      account = await this.server.get("api/konto/");
    } catch {
      return; // the form is there
    }
    if (account.step === "in") this.goOn();
    else if (account.step === "enrol") this.enrol();
    else this.showSecond(await this.server.get("api/logga-in/igen/"));
  }

  show({ title, elements, focused = null, begin = null }) {
    this.root.replaceChildren(...elements);
    document.title = COMMON.title(title);
    scrollTo(0, 0);
    const heading = this.root.querySelector("h1");
    heading.tabIndex = -1;
    (focused ?? heading).focus();
    begin?.();
  }

  fail(error) {
    const box = alarm("danger", null, h("p", {}, reason(error)));
    this.root.replaceChildren(h("div", { class: "desk-narrow" }, box));
    box.focus();
  }

  say(text) {
    this.status.textContent = text;
    clearTimeout(this.#sayingNothing);
    this.#sayingNothing = setTimeout(() => this.status.replaceChildren(), SAID_FOR);
  }

  showSecond(answer) {
    this.#isHalf = true;
    this.show(secondView(this, answer));
  }

  /** The first way to show who one is, which this account must have before it comes in. */
  enrol() {
    this.#isHalf = true;
    this.show(enrolmentView(this));
  }

  /** The codes that are shown once; then `next()`. */
  showCodes(codes, next) {
    this.#isHolding = true;
    const saved = () => {
      this.#isHolding = false;
      next();
    };
    this.show(codesView(codes, this.account, saved));
  }

  /** To where one was before logging in. */
  goOn() {
    const asked = new URLSearchParams(location.search).get("nasta") ?? "";
    location.replace(this.#within(asked) || this.home);
  }

  /** The address, if it is one of the desk's own and not one of these. */
  #within(address) {
    let found;
    try {
      found = new URL(address, location.origin);
    } catch {
      return "";
    }
    const isOurs = found.origin === location.origin && found.pathname.startsWith(this.home);
    const isDoor = found.pathname.slice(this.home.length) in OPEN;
    return isOurs && !isDoor && address.startsWith(this.home) ? found.pathname + found.hash : "";
  }

  /** To the login, from where one comes back here. */
  leave(why) {
    const query = new URLSearchParams({ nasta: location.pathname, ...(why && { [why]: "1" }) });
    this.#isHolding = false;
    location.replace(`${this.home}logga-in/?${query}`);
  }

  async logOut(why = "utloggad") {
    try {
      await this.server.post("api/logga-ut/");
    } catch (error) {
      // Nobody may believe to be logged out who is not.
      if (!(error instanceof LoggedOut)) return this.fail(error);
    }
    if (why === "slut") return this.leave(why);
    this.#isHolding = false;
    location.replace(`${this.home}logga-in/?${why}=1`);
  }

  #warning = null;

  #warn() {
    this.#warning?.remove();
    this.#warning = lastWarning(FRAME.soonOut, FRAME.soonOutText);
    document.body.append(this.#warning);
  }

  /** The row with who is logged in, and the menu. */
  #frame() {
    const { name, user } = this.account;
    const frame = deskFrame({ home: this.home, page: this.page, logOut: () => this.logOut() });
    frame.named(name || user);
    document.getElementById("ram").append(...frame.elements);
  }
}

new Door(document.getElementById("dorr")).begin();
