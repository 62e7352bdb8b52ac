// The queue: heads are opened here, and sorted, filtered and searched in memory.
import { stockholm } from "../words/dates.js";
import { inWords, overdue, withRing } from "../trust/desk_trust.js";
import { breath } from "../age/breath.js";
import { button, h } from "../page_parts/dom.js";
import { notice } from "../page_parts/forms.js";
import { judgeHeads } from "../arrivals/judged_heads.js";
import { queueNow } from "./kept_queue.js";
import { lateBox } from "./late_box.js";
import { filterBar } from "./queue_filters.js";
import { sorted } from "./queue_order.js";
import { Row, momentOf } from "./queue_rows.js";
import { byKey, table } from "./queue_table.js";
import { matches } from "./search.js";
import { selection } from "./selection.js";
import { keepHead, openedHead } from "../content/shown.js";
import { KEY, QUEUE } from "../words/texts.js";

const AT_ONCE = 4; // the browser opens them side by side
const BUSY_MS = 50; // how long the browser may be kept busy at a time
const SAID_EVERY_MS = 1000; // how often it is told how far it has come
const MOST_ROWS = 200; // how many more rows are shown at a time

export function queueView(desk) {
  const place = h("div", {});
  const again = (focus) => {
    place.replaceChildren();
    desk.focusHeading();
    return view.begin(focus);
  };
  const view = {
    title: QUEUE.heading,
    elements: [h("div", { class: "desk-queue" }, h("h1", {}, QUEUE.heading), place)],
    async begin(focus) {
      const { key } = desk;
      const turn = (view.turn = {});
      const isCurrent = () => desk.isShowing(view) && view.turn === turn && desk.key === key;
      try {
        const queue = await queueNow(desk);
        if (!isCurrent()) return;
        desk.queue = queue;
        desk.shownQueue = null;
        await showQueue(desk, isCurrent, place, again, focus);
      } catch (error) {
        if (!isCurrent()) return;
        desk.queue = desk.shownQueue = null; // all of it is asked for again
        place.replaceChildren(desk.explain(error, () => again()));
      }
    },
    hearReaders: () => desk.shownQueue?.renew(),
    leave() {
      desk.shownQueue = null;
    },
  };
  return view;
}

/** Opens the queue's heads lot by lot. What has come is shown while the rest is on its way. */
async function showQueue(desk, isCurrent, place, again, focus) {
  const { queue } = desk;
  const coming = comingBox(desk, queue);
  place.replaceChildren(coming.element);
  let contents = null;
  const proceed = async (lot) => {
    const before = queue.tips.length - lot.length;
    // The next lot is on its way while this one is opened.
    const following = queue.next ? asked() : null;
    if (!(await unlockHeads(desk, lot, isCurrent, (n) => coming.tell(before + n)))) return;
    coming.hasCome();
    if (contents) contents.add(lot);
    else {
      contents = queueContents(desk, coming.element, again);
      place.replaceChildren(...contents.elements);
      desk.shownQueue = {
        add(news) {
          queue.tips.push(...news);
          queue.in_queue += news.length;
          contents.add(news, { isAskedFor: true });
        },
        tick: contents.tick,
        renew: contents.renewList,
      };
      if (focus) place.querySelector(`[data-focus="${focus}"]`)?.focus();
    }
    judge(lot);
    if (following) await take(following);
  };
  /** What is not as it was signed is found when the numbers have come; the next lot may never come. */
  const judge = async (lot) => {
    if ((await judgeHeads(desk, lot)) && isCurrent()) contents.judged();
  };
  const asked = () => {
    const answer = desk.api.moreOfQueue(queue.withClosed, queue.next);
    answer.catch(() => {}); // it is told when its turn comes
    return answer;
  };
  const take = async (following) => {
    let more;
    try {
      more = await following;
    } catch (error) {
      if (isCurrent()) coming.stop(desk.explain(error, fetchAgain));
      return;
    }
    if (!isCurrent()) return;
    queue.next = more.next;
    // Those that came meanwhile may stand here already.
    const known = new Set(queue.tips.map(({ id }) => id));
    const lot = more.tips.filter(({ id }) => !known.has(id));
    desk.news.drop(lot.map(({ id }) => id));
    queue.tips.push(...lot);
    await proceed(lot);
  };
  const fetchAgain = () => {
    desk.focusHeading();
    return take(asked());
  };
  await proceed(queue.tips);
}

/** Says how much of the queue has been opened, for as long as something is missing. */
function comingBox(desk, queue) {
  const bar = h("progress", { class: "desk-progress", "aria-hidden": "true" });
  const line = h("p", { class: "desk-quiet" });
  const element = h("div", { class: "desk-queue__coming", hidden: true }, line, bar);
  let said = -Infinity;
  const all = () => Math.max(queue.in_queue, queue.tips.length);
  return {
    element,
    /** So many are open, and more are being opened. */
    tell(done) {
      element.hidden = false;
      bar.max = all();
      bar.value = done;
      if (performance.now() - said < SAID_EVERY_MS) return;
      said = performance.now();
      desk.say(QUEUE.unlocking(done, all()));
    },
    /** All that the server has handed out is open. */
    hasCome() {
      const hasSaid = said > -Infinity;
      element.replaceChildren(line, bar);
      element.hidden = !queue.next;
      bar.value = queue.tips.length;
      line.textContent = queue.next ? QUEUE.partly(queue.tips.length, all()) : "";
      if (hasSaid && !queue.next) desk.say(QUEUE.unlocked(queue.tips.length));
    },
    stop(explanation) {
      element.hidden = false;
      element.replaceChildren(line, explanation);
    },
  };
}

/** Opens the heads that are not open yet, a few at a time; whether the queue is still shown. */
async function unlockHeads(desk, lot, isCurrent, tell) {
  const { key } = desk;
  const isDone = (known) => known?.head || known?.isForged;
  const closed = [...lot.entries()].filter(([, { id }]) => !isDone(desk.heads.get(id)));
  let from = -Infinity;
  for (let at = 0; at < closed.length; at += AT_ONCE) {
    if (performance.now() - from > BUSY_MS) {
      tell(closed[at][0]);
      await breath();
      from = performance.now();
    }
    if (!isCurrent()) return false;
    const some = closed.slice(at, at + AT_ONCE).map(([, tip]) => tip);
    const found = await Promise.all(some.map((tip) => openedHead(key, tip)));
    if (!isCurrent()) return false;
    for (const [n, tip] of some.entries()) keepHead(desk, tip, found[n]);
  }
  return isCurrent();
}

/** What is shown of the tips whose heads are open; `add(lot)` shows further ones as well. */
function queueContents(desk, coming, again) {
  const { queue, key, wishes } = desk;
  const moment = (text) => momentOf(stockholm(text), queue.alarm);
  let now = moment(queue.now);
  const rows = [];
  const late = lateBox(desk, queue);
  const alarm = late.element;
  const list = h("div", { class: "desk-queue__list", on: { keydown: byKey } });
  const count = h("p", { class: "desk-queue__count", role: "status" });
  const end = h("div", {});
  let most = MOST_ROWS;
  let shown = 0;
  const allLate = () => rows.filter((row) => row.isLate);
  const showAlarm = () => late.show(allLate());
  const remake = () => {
    for (const [n, { tip }] of rows.entries()) rows[n] = new Row(desk, tip, now);
  };
  /** Time has passed: another tip may have waited for too long. */
  const tick = (text) => {
    const before = allLate().length;
    now = moment(text);
    remake();
    if (allLate().length === before) return;
    keepingFocus(alarm, showAlarm);
    keepingFocus(list, showList);
    desk.say(QUEUE.alarm(allLate().length));
  };
  const showList = () => {
    const chosen = sorted(
      rows.filter((row) => matches(row, wishes, desk)),
      wishes.sort,
    );
    desk.order = chosen.map(({ tip }) => tip.id);
    count.textContent = QUEUE.shows(chosen.length, rows.length);
    const visible = chosen.slice(0, most);
    shown = visible.length;
    marked.show(visible);
    skip.hidden = !shown;
    list.replaceChildren(
      chosen.length ? table(desk, visible, wishes, marked) : nothing(rows, clear),
      ...(chosen.length > most ? [showMore(chosen.length - most)] : []),
    );
  };
  const showMore = (left) =>
    h("p", { class: "desk-queue__more" }, button(QUEUE.showMore(Math.min(left, MOST_ROWS)), more));
  const more = () => {
    const next = most;
    most += MOST_ROWS;
    showList();
    list.querySelectorAll("tbody a")[next].focus();
  };
  const showChosen = () => {
    most = MOST_ROWS;
    showList();
  };
  const filters = filterBar(desk, rows, showChosen, again);
  const clear = () => {
    for (const name of ["state", "subject", "handler", "search", "urgent"]) delete wishes[name];
    again();
  };
  const add = (lot, { isAskedFor = false } = {}) => {
    const fresh = lot.map((tip) => new Row(desk, tip, now));
    const isFull = shown >= most && !fresh.some(({ head }) => head?.urgent);
    rows.push(...fresh);
    // A full list stays as it is while the rest of the queue comes, unless something urgent has.
    if (queue.next && isFull && !isAskedFor) showNumbers();
    else showAll();
  };
  /** Some of the tips have been dealt with: they are shown as they are now, or no longer. */
  const renew = () => {
    // Those of a lot that is being opened are no rows yet, and come when they are open.
    const known = new Set(rows.map(({ tip }) => tip.id));
    const left = queue.tips.filter(({ id }) => known.has(id));
    rows.splice(0, rows.length, ...left.map((tip) => new Row(desk, tip, now)));
    showAll();
  };
  const renewList = () => {
    filters.recount();
    keepingFocus(list, showList);
  };
  /** What stood in some must not be shown. */
  const judged = () => {
    remake();
    showAll();
  };
  const marked = selection(desk, queue, renew);
  const showNumbers = () => {
    filters.recount();
    keepingFocus(alarm, showAlarm);
    const chosen = rows.filter((row) => matches(row, wishes, desk));
    count.textContent = QUEUE.shows(chosen.length, rows.length);
  };
  const showAll = () => {
    filters.recount();
    for (const [part, show] of [
      [alarm, showAlarm],
      [list, showList],
      [end, () => end.replaceChildren(foot(desk, queue, again))],
    ]) {
      keepingFocus(part, show);
    }
  };
  const skip = h("a", { class: "skip-link", href: `${desk.queueAddress()}#tipsen` }, QUEUE.skip);
  add(queue.tips);
  const notice = keyringNotice(desk, key);
  const numbers = h("div", {});
  desk.arrivals.show(numbers);
  const { elements: above } = filters;
  const elements = [skip, alarm, notice, numbers, ...above, count, marked.element, coming, list, end];
  return { elements: elements.filter(Boolean), add, judged, tick, renewList };
}

/** Shows a part anew; the focus stays on the link or button that it was on. */
function keepingFocus(part, show) {
  const nameOf = ({ href, dataset, textContent }) => href ?? dataset.tip ?? textContent;
  const held = part.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  show();
  const all = [...part.querySelectorAll("a, button, input")];
  const same = held && all.find((one) => nameOf(one) === held);
  same?.focus({ preventScroll: true });
}

/** Says so where the keyring cannot be believed, has had its last day, or does not name this key. */
function keyringNotice(desk, key) {
  const place = h("div", {});
  withRing(desk, place, (ring) => {
    const known = new Set(ring.entries.map(({ recipient }) => recipient));
    if (key.recipients.some((recipient) => known.has(recipient))) return overdue(ring);
    return [overdue(ring), notice("warning", null, h("p", {}, KEY.notInKeyring(ring.serial)))];
  });
  return place;
}

const nothing = (rows, clear) =>
  h(
    "div",
    { class: "empty" },
    rows.length
      ? [h("p", {}, QUEUE.noMatch), h("p", {}, button(QUEUE.clear, clear))]
      : [h("p", {}, QUEUE.empty), h("p", { class: "desk-quiet" }, QUEUE.emptyHint)],
  );

function foot(desk, queue, again) {
  const { serial } = queue.keyring;
  const words = h("div", {});
  withRing(desk, words, inWords, () => null);
  const older = queue.tips.filter((tip) => tip.keyring_serial < serial).length;
  const access = h("a", { href: desk.accessAddress() }, QUEUE.giveAccess);
  return h(
    "footer",
    { class: "desk-queue__foot" },
    h("p", {}, button(QUEUE.refresh, () => again())),
    h("p", { class: "desk-quiet" }, QUEUE.asks),
    h("p", {}, older ? [QUEUE.needsRewrap(older), " "] : null, access),
    words,
  );
}
