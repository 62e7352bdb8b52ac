// Asks for new tips while the key is open, and says that they have come wherever one is in the desk.
import { button, h } from "../page_parts/dom.js";
import { judgeHeads } from "../arrivals/judged_heads.js";
import { referenceOf } from "../words/reference.js";
import { keepHead, openedHead } from "../content/shown.js";
import { NEWS, QUEUE } from "../words/texts.js";

const EVERY_MS = 30_000;
const MOST_NAMED = 8;

export class News {
  tips = []; // those that have come, and stand in no queue that is shown
  #desk;
  #since = 0;
  #timer = 0;
  #turn = null;
  #fault = "";
  #box = h("section", { class: "wrap desk-news", "aria-label": NEWS.label, hidden: true });

  constructor(desk) {
    this.#desk = desk;
    desk.root.before(this.#box);
  }

  /** Begins anew with the queue that has just come; without one it stops, and forgets all. */
  follow(queue) {
    clearTimeout(this.#timer);
    this.#turn = null;
    this.#fault = "";
    this.tips = [];
    this.#show();
    if (!queue || !this.#desk.key) return;
    this.#turn = {};
    this.#since = queue.since;
    this.#wait(this.#turn);
  }

  /** These are no news any more: they are shown, or somebody here has opened them. */
  drop(ids) {
    const before = this.tips.length;
    this.tips = this.tips.filter(({ id }) => !ids.includes(id));
    if (this.tips.length < before) this.#show();
  }

  /** What stands before the title of the page. */
  get mark() {
    return this.tips.length ? `${NEWS.mark(this.tips.length, this.#urgent().length)} ` : "";
  }

  #wait(turn) {
    this.#timer = setTimeout(() => this.#ask(turn), EVERY_MS);
  }

  async #ask(turn) {
    const desk = this.#desk;
    const isCurrent = () => this.#turn === turn;
    try {
      const answer = await desk.api.news(this.#since, desk.reading);
      if (!isCurrent()) return;
      desk.hearReaders(answer.readers);
      await this.#take(answer, isCurrent);
      if (!isCurrent()) return;
      this.#since = answer.since;
      if (this.#fault) this.#tell("");
      desk.shownQueue?.tick(answer.now);
    } catch {
      if (!isCurrent()) return;
      // Whoever waits for tips must know that none can be seen to come.
      this.#tell(NEWS.unreachable);
    }
    this.#wait(turn);
  }

  async #take({ tips }, isCurrent) {
    const { queue, key } = this.#desk;
    const known = new Set([...queue.tips, ...this.tips].map(({ id }) => id));
    const fresh = tips.filter(({ id }) => !known.has(id));
    for (const tip of fresh) {
      const found = await openedHead(key, tip);
      if (!isCurrent()) return;
      keepHead(this.#desk, tip, found);
    }
    if (!fresh.length) return;
    await judgeHeads(this.#desk, fresh);
    if (!isCurrent()) return;
    this.tips.push(...fresh);
    this.#show();
    const urgent = this.#urgent(fresh).map(({ id }) => referenceOf(id));
    this.#desk.say(NEWS.came(fresh.length, urgent.length, urgent.slice(0, MOST_NAMED)));
  }

  #tell(fault) {
    if (fault === this.#fault) return;
    this.#fault = fault;
    this.#show();
    this.#desk.say(fault || NEWS.again);
  }

  #urgent(tips = this.tips) {
    return tips.filter(({ id }) => this.#desk.heads.get(id)?.head?.urgent);
  }

  #show() {
    const [desk, urgent] = [this.#desk, this.#urgent()];
    const link = ({ id }) => h("li", {}, h("a", { href: desk.tipAddress(id) }, referenceOf(id)));
    const more = urgent.length - MOST_NAMED;
    const notice = this.tips.length
      ? h(
          "div",
          { class: `desk-notice desk-notice--${urgent.length ? "danger" : "information"}` },
          h("h2", { class: "desk-notice__heading" }, NEWS.heading(this.tips.length, urgent.length)),
          urgent.length
            ? h(
                "ul",
                { class: "desk-queue__late" },
                urgent.slice(0, MOST_NAMED).map(link),
                more > 0 ? h("li", {}, QUEUE.andMore(more)) : null,
              )
            : null,
          h("p", {}, button(NEWS.show, () => this.#showInQueue())),
        )
      : null;
    const fault = this.#fault
      ? h("div", { class: "desk-notice desk-notice--warning" }, h("p", {}, this.#fault))
      : null;
    this.#box.hidden = !notice && !fault;
    this.#box.replaceChildren(...[fault, notice].filter(Boolean));
    desk.entitle();
  }

  #showInQueue() {
    const { shownQueue } = this.#desk;
    if (!shownQueue) {
      this.#desk.go(this.#desk.queueAddress());
      return;
    }
    const lot = this.tips;
    this.tips = [];
    this.#show();
    shownQueue.add(lot);
    this.#desk.focusHeading();
  }
}
