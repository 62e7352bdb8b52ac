// The desk: one document in which the key, and all it opens, lives until it is locked or left.
import { accessView } from "./access.js";
import { Api } from "./api.js";
import { button, h } from "./dom.js";
import { alarm, lastWarning } from "./forms.js";
import { DeskTrust, NotBelieved } from "./desk_trust.js";
import { watchIdleness } from "./idle.js";
import { keyView } from "./key_view.js";
import { queueView } from "./queue.js";
import { News } from "./news.js";
import { LoggedOut, Refused } from "./server.js";
import { COMMON, KEY } from "./texts.js";
import { tipView } from "./tip.js";

const SAID_FOR = 12_000;

class Desk {
  key = null;
  trust = null; // which keyring is believed, from the roots of the key and the page
  shownQueue = null; // takes what has come while the queue is shown: `add(lot)`, `tick(now)`
  heads = new Map(); // id -> { head } or { fault }
  texts = new Map(); // id -> all that was written in a tip that has been opened
  order = []; // ids, as the queue last showed them
  drafts = new Map(); // id -> a note that has not been saved
  wishes = {}; // what the queue is filtered and sorted by
  #queue = null;
  #heading = "";
  #view = null;
  #sayingNothing = 0;
  #stopWatching = null;

  constructor(root) {
    this.root = root;
    this.home = root.dataset.home;
    this.api = new Api(this.home, root.dataset.token);
    this.status = document.getElementById("besked");
    this.news = new News(this);
    this.keyBox = document.getElementById("nyckel");
    this.keyBox.append(
      h("span", {}, KEY.isOpen),
      button(KEY.lock, () => this.lock(KEY.locked), { class: "desk-frame__button" }),
    );
    addEventListener("popstate", () => this.show());
    addEventListener("beforeunload", (event) => {
      if ([...this.drafts.values()].some((text) => text.trim())) event.preventDefault();
    });
    addEventListener("pagehide", () => {
      this.#forget();
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
    this.news.follow(answer);
  }

  /** The name of a handler; of one who has left, the user name. */
  nameOf(username) {
    return this.queue.handlers.find((handler) => handler.username === username)?.name || username;
  }

  /** Shows what the address asks for, or the key's form where there is no key. */
  async show({ said = "", stays = false, focus = true } = {}) {
    this.#view?.leave?.();
    const view = this.key ? this.#asked() : keyView(this);
    this.#view = view;
    this.keyBox.hidden = !this.key;
    this.root.replaceChildren(...view.elements);
    this.entitle(view.title);
    this.say(said, stays);
    scrollTo(0, 0);
    if (focus) this.focusHeading();
    await view.begin?.();
  }

  #asked() {
    const [, id] = /\/tips\/([0-9a-f-]{36})\/$/.exec(location.pathname) ?? [];
    if (id) return tipView(this, id);
    return location.hash === "#ge-tillgang" ? accessView(this) : queueView(this);
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
    history.pushState(null, "", address);
    return this.show(options);
  }

  queueAddress = () => this.home;
  accessAddress = () => `${this.home}#ge-tillgang`;
  tipAddress = (id) => `${this.home}tips/${id}/`;

  /** Links within the desk change the view, not the document: the key would be lost. */
  #follow(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || !this.key || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    const within = link.pathname.slice(this.home.length);
    const isOurs =
      link.pathname.startsWith(this.home) && /^(?:tips\/[0-9a-f-]{36}\/)?$/.test(within);
    if (!isOurs) return;
    event.preventDefault();
    this.go(link.href);
  }

  async unlock(key) {
    this.key = key;
    this.trust = new DeskTrust(this.api, key.root);
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

  lock(why, { stays = false } = {}) {
    if (!this.key) return;
    this.#forget();
    this.show({ said: why, stays });
  }

  /** Forgets the key and everything that it has opened. */
  #forget() {
    this.#stopWatching?.();
    this.#warning?.remove();
    this.key = null;
    this.trust = null;
    this.queue = null;
    this.heads = new Map();
    this.texts = new Map();
    this.order = [];
    this.drafts = new Map();
    this.wishes = {};
  }

  /** What to say, and offer, when the server did not do what was asked. */
  explain(error, again = null) {
    const retry = again && h("p", {}, button(COMMON.tryAgain, again));
    if (error instanceof LoggedOut) {
      const login = h(
        "a",
        { href: this.home, target: "_blank", rel: "noopener" },
        `${COMMON.logIn} ${COMMON.newTab}`,
      );
      return alarm("warning", COMMON.loggedOut, h("p", {}, login), retry);
    }
    return alarm("danger", this.explanation(error), retry);
  }

  explanation(error) {
    if (error instanceof LoggedOut) return COMMON.loggedOut;
    const isSaid = error instanceof Refused || error instanceof NotBelieved;
    return isSaid ? error.message : COMMON.unreachable;
  }
}

const desk = new Desk(document.getElementById("desk"));
desk.show({ focus: false });
