// The desk: one document in which the key, and all it opens, lives until it is locked or left.
import { Api } from "./api.js";
import { button, h } from "../page_parts/dom.js";
import { DeskArrivals } from "../arrivals/arrivals.js";
import { alarm, lastWarning } from "../page_parts/forms.js";
import { deskFrame } from "../page_parts/frame.js";
import { DeskTrust } from "../trust/desk_trust.js";
import { watchIdleness } from "./idle.js";
import { News } from "./news.js";
import { isOurs, isPage, viewAt } from "./routes.js";
import { Gone, LoggedOut, OtherTip, Refused } from "../page_parts/server.js";
import { wholeTexts } from "../queue/whole_texts.js";
import { COMMON, KEY, TIP } from "../words/texts.js";
import { NotBelieved } from "../trust/trust.js";

const SAID_FOR = 12_000;

class Desk {
  key = null;
  arrivals = null; // the numbers that the intake gives
  trust = null; // which keyring is believed, from the roots of the key and the page
  shownQueue = null; // takes what has come while the queue is shown: `add(lot)`, `tick(now)`, `renew()`
  heads = new Map(); // id -> { head } or { fault }
  texts = new Map(); // id -> all that was written in a tip that has been opened
  wholeTexts = null; // opens the others, for the search
  marked = new Set(); // ids of those that are marked in the queue
  order = []; // ids, as the queue last showed them
  #readers = new Map(); // id -> the others who read the tip now
  drafts = new Map(); // id -> a note that has not been saved
  left = Promise.resolve(); // when the server has heard that the last login is over
  wishes = {}; // what the queue is filtered and sorted by
  #queue = null;
  #heading = "";
  #address = "";
  #view = null;
  #sayingNothing = 0;
  #stopWatching = null;
  #frame;
  #writer = ""; // whose drafts they are

  constructor(root) {
    this.root = root;
    this.home = root.dataset.home;
    this.api = this.#apiFor(null);
    this.status = document.getElementById("besked");
    this.news = new News(this);
    this.#frame = deskFrame({ home: this.home, lock: () => this.lock(KEY.locked, { asks: true }) });
    document.getElementById("ram").append(...this.#frame.elements);
    addEventListener("popstate", () => {
      if (this.#mayLeave()) this.show();
      else history.pushState(null, "", this.#address);
    });
    addEventListener("beforeunload", (event) => {
      if (this.#hasDrafts() || this.#view?.isUnsaved?.()) event.preventDefault();
    });
    addEventListener("pagehide", () => {
      this.#forget();
      this.drafts = new Map();
      this.root.replaceChildren();
    });
    addEventListener("pageshow", (event) => event.persisted && this.show());
    document.addEventListener("click", (event) => this.#follow(event));
  }

  /** The server's latest answer. */
  get queue() {
    return this.#queue;
  }

  set queue(answer) {
    this.#queue = answer;
    if (answer && this.key) this.meet();
    this.hearReaders(answer?.readers);
    this.news.follow(answer);
  }

  /** A handler's name in the signed keyring; of one who is not in it, the id. */
  nameOf = (handler) => this.trust?.nameOf(handler) ?? handler;

  /** Shows who is logged in, as soon as the keyring is known by the name in it. */
  meet = () => this.#frame.named(this.nameOf(this.key.handler));

  #hasDrafts = () => [...this.drafts.values()].some((text) => text.trim());

  /** Whether the view can be left: what has been begun there and is kept nowhere is asked about first. */
  #mayLeave = (others = false) =>
    !(this.#view?.isUnsaved?.() || others) || confirm(KEY.drops);

  /** Shows what the address asks for. */
  async show({ said = "", stays = false, focus = true, why = [] } = {}) {
    this.#view?.leave?.();
    this.#address = location.href;
    const view = viewAt(this, this.#path, why);
    this.#view = view;
    this.#markMenu();
    this.root.replaceChildren(...view.elements);
    this.entitle(view.title);
    this.say(said, stays);
    scrollTo(0, 0);
    if (focus) this.focusHeading();
    await view.begin?.();
  }

  get #path() {
    return location.pathname.slice(this.home.length);
  }

  #markMenu() {
    const current = isPage(this.#path) ? location.pathname : this.home;
    for (const link of document.querySelectorAll(".desk-menu__link")) {
      if (link.pathname === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** The tip that is shown; nothing where none is. */
  get reading() {
    return this.#view?.reads ?? "";
  }

  /** Takes who else reads what now: the view that is shown says so. */
  hearReaders(readers) {
    const before = JSON.stringify([...this.#readers]);
    this.#readers = new Map(Object.entries(readers ?? {}));
    if (JSON.stringify([...this.#readers]) !== before) this.#view?.hearReaders?.();
  }

  /** "Tove Berg läser", of those whom the keyring names; nothing where nobody else does. */
  readersOf(id) {
    const names = [this.#readers.get(id) ?? []].flat().map((handler) => this.trust?.nameOf(handler));
    return names.some(Boolean) ? TIP.reads(names.filter(Boolean)) : "";
  }

  isShowing = (view) => this.#view === view;

  entitle(heading = this.#heading) {
    this.#heading = heading;
    if (heading) document.title = this.news.mark + COMMON.title(heading);
  }

  focusHeading() {
    const heading = this.root.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus();
  }

  /** Says something to the one who works here, also through a screen reader. */
  say(text, stays = false) {
    this.status.textContent = text;
    clearTimeout(this.#sayingNothing);
    if (stays) return;
    this.#sayingNothing = setTimeout(() => this.status.replaceChildren(), SAID_FOR);
  }

  go(address, options) {
    if (!this.#mayLeave()) return null;
    history.pushState(null, "", address);
    return this.show(options);
  }

  queueAddress = () => this.home;
  accessAddress = () => `${this.home}nycklar/`;
  tipAddress = (id) => `${this.home}tips/${id}/`;
  maskAddress = (id) => `${this.tipAddress(id)}#maskera`;

  /** Links within the desk change the view, not the document: the key would be lost. */
  #follow(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (!link.pathname.startsWith(this.home)) return;
    if (!isOurs(link.pathname.slice(this.home.length))) return;
    event.preventDefault();
    // To skip to the content, or to the first of the tips, is to go nowhere.
    if (link.hash === "#innehall") this.focusHeading();
    else if (link.hash === "#tipsen") this.root.querySelector("tbody a").focus();
    else this.go(link.href);
  }

  /** What the server is asked with this key; where it says that there is no session, that is over. */
  #apiFor(key) {
    return new Api(this.home, key, () => key && this.key === key && this.#end(COMMON.loggedOut));
  }

  /** Begins with the key by which somebody has just come in. */
  async enter(key) {
    this.key = key;
    if (key.handler !== this.#writer) this.drafts = new Map();
    this.#writer = key.handler;
    this.api = this.#apiFor(key);
    this.trust = new DeskTrust(this.api, key.root);
    this.arrivals = new DeskArrivals(this);
    this.wholeTexts = wholeTexts(this);
    this.meet();
    this.#stopWatching = watchIdleness({
      warn: () => this.#warn(),
      calm: () => this.#warning?.remove(),
      // It stays: whoever comes back must see why the tip is gone.
      lock: () => this.lock(KEY.lockedByIdleness, { stays: true }),
    });
    await this.show();
  }

  #warning = null;

  #warn() {
    this.#warning?.remove();
    this.#warning = lastWarning(KEY.soonLocked, KEY.soonLockedText);
    document.body.append(this.#warning);
  }

  /** Forgets the key and what was written, ends the session, and says so. */
  async lock(why, { stays = false, asks = false } = {}) {
    if (!this.key || (asks && !this.#mayLeave(this.#hasDrafts()))) return;
    const { api } = this;
    this.#forget();
    this.drafts = new Map();
    let fault = "";
    this.left = api.logOut().catch((error) => {
      // Nobody may believe to be logged out who is not.
      if (!(error instanceof LoggedOut)) fault = KEY.notLoggedOut;
    });
    await this.show({ said: why, stays });
    await this.left;
    if (fault && !this.key) this.say(fault, true);
  }

  /** Shows the form again, and why. What was written waits for whoever has written it. */
  #end(why) {
    this.#forget();
    this.show({ why: [why, this.#hasDrafts() ? KEY.draftsWait : ""] });
  }

  /** Forgets the key and everything that it has opened. */
  #forget() {
    this.#stopWatching?.();
    this.#warning?.remove();
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close(); // as if cancelled
    this.key?.signing.forget();
    this.key = null;
    this.trust = this.arrivals = this.wholeTexts = null;
    this.api = this.#apiFor(null);
    this.#frame.named("");
    this.queue = null;
    this.heads = new Map();
    this.texts = new Map();
    this.order = [];
    this.marked = new Set();
    this.wishes = {};
  }

  /** What to say, and offer, when the server did not do what was asked. */
  explain(error, again = null) {
    const retry = again && !(error instanceof Gone) && h("p", {}, button(COMMON.tryAgain, again));
    return alarm("danger", this.explanation(error), retry);
  }

  explanation(error) {
    if (error instanceof LoggedOut) return COMMON.loggedOut;
    const isSaid = [Refused, NotBelieved, OtherTip].some((kind) => error instanceof kind);
    return isSaid ? error.message : COMMON.unreachable;
  }
}

const desk = new Desk(document.getElementById("desk"));
desk.show({ focus: false });
