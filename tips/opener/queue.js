// The queue: heads are opened here, and sorted, filtered and searched in memory.
import { fromBase64 } from "./age.js";
import { age, daysBetween, hoursBetween, short, stockholm, written } from "./dates.js";
import { breath, button, foreign, h } from "./dom.js";
import { openHead } from "./envelope.js";
import { checkbox, field, notice, quiet, select } from "./forms.js";
import { excerptOf, sealedFault } from "./shown.js";
import { COMMON, KEY, QUEUE, SHORT_SUBJECTS } from "./texts.js";

const BUSY_MS = 50; // how long the browser may be kept busy at a time

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
      try {
        desk.queue = await desk.api.queue(Boolean(desk.wishes.withClosed));
      } catch (error) {
        if (desk.isShowing(view)) place.replaceChildren(desk.explain(error, () => again()));
        return;
      }
      if (await unlockHeads(desk, view, place)) {
        place.replaceChildren(...contents(desk, again));
        if (focus) place.querySelector(`[data-focus="${focus}"]`)?.focus();
      }
    },
  };
  return view;
}

/** Opens the heads that are not open yet, a few at a time; whether the view is still shown. */
async function unlockHeads(desk, view, place) {
  const { tips } = desk.queue;
  const sealed = tips.filter((tip) => !desk.heads.get(tip.id)?.head);
  const bar = h("progress", {
    class: "desk-progress",
    max: sealed.length || 1,
    value: 0,
    "aria-hidden": "true",
  });
  if (sealed.length) place.replaceChildren(bar);
  let from = performance.now();
  for (const [n, tip] of sealed.entries()) {
    if (n === 0 || performance.now() - from > BUSY_MS) {
      desk.say(QUEUE.unlocking(n, sealed.length));
      bar.value = n;
      await breath();
      from = performance.now();
    }
    if (!desk.isShowing(view)) return false;
    const { key } = desk;
    const found = await openedHead(key, tip);
    if (desk.key !== key) return false;
    desk.heads.set(tip.id, found);
  }
  if (!desk.isShowing(view)) return false;
  if (sealed.length) desk.say(QUEUE.unlocked(tips.length));
  return true;
}

async function openedHead(key, tip) {
  if (!tip.head) return { fault: COMMON.missing };
  try {
    return { head: await openHead(key, tip.id, fromBase64(tip.head)) };
  } catch (error) {
    return { fault: sealedFault(error) };
  }
}

/** What the queue consists of, once its heads are open. */
function contents(desk, again) {
  const { queue, key, wishes } = desk;
  const now = stockholm(queue.now);
  const rows = queue.tips.map((tip) => asRow(desk, tip, now));
  const late = rows.filter((row) => row.isLate);
  const list = h("div", { class: "desk-queue__list" });
  const count = h("p", { class: "desk-queue__count", role: "status" });
  const showList = () => {
    const chosen = sorted(
      rows.filter((row) => matches(row, wishes, desk)),
      wishes.sort,
    );
    desk.order = chosen.map(({ tip }) => tip.id);
    count.textContent = QUEUE.shows(chosen.length, rows.length);
    list.replaceChildren(
      ...(chosen.length ? [table(desk, chosen, wishes, sortBy)] : [nothing(rows, clear)]),
    );
  };
  const filters = filterBar(desk, rows, showList, again);
  const sortBy = (word) => {
    wishes.sort = word;
    filters.sort.value = word;
    showList();
    list.querySelector(`[data-sort="${word.replace("-", "")}"]`)?.focus();
  };
  const clear = () => {
    for (const name of ["state", "subject", "handler", "search", "urgent"]) delete wishes[name];
    again();
  };
  showList();
  return [
    late.length ? alarmOf(desk, late, queue.alarm) : null,
    keyringNotice(key, queue),
    ...filters.elements,
    count,
    list,
    foot(desk, queue, again),
  ].filter(Boolean);
}

function asRow(desk, tip, now) {
  const { head, fault } = desk.heads.get(tip.id);
  const received = head?.received ?? tip.received_on;
  const limit = head?.urgent ? desk.queue.alarm.urgent_hours : desk.queue.alarm.normal_hours;
  const waited = head
    ? hoursBetween(received, now) > limit
    : daysBetween(tip.received_on, now) > limit / 24;
  return {
    tip,
    head,
    fault,
    received,
    statePlace: desk.queue.states.findIndex(({ name }) => name === tip.state),
    age: age(received, now),
    isLate: tip.is_unread && waited,
    words: `${tip.reference} ${head?.excerpt ?? ""} ${tip.register_no}`.toLocaleLowerCase("sv"),
  };
}

function matches({ tip, head, words }, wishes, desk) {
  const { state, subject, handler, urgent, search } = wishes;
  if (state && tip.state !== state) return false;
  if (subject && head?.subject !== subject) return false;
  if (urgent && !head?.urgent) return false;
  if (handler === "mine" && tip.assigned_to !== desk.queue.user) return false;
  if (handler === "none" && tip.assigned_to) return false;
  const asked = (search ?? "").toLocaleLowerCase("sv").split(/\s+/).filter(Boolean);
  return asked.every((word) => words.includes(word));
}

const COMPARE = {
  received: (one, other) => one.received.localeCompare(other.received),
  urgent: (one, other) => Boolean(other.head?.urgent) - Boolean(one.head?.urgent),
  subject: (one, other) => subjectOf(one).localeCompare(subjectOf(other), "sv"),
  state: (one, other) => one.statePlace - other.statePlace,
};

const subjectOf = ({ head }) =>
  head ? (SHORT_SUBJECTS[head.subject] ?? head.subject ?? "") : "\u{10FFFF}";

function sorted(rows, word = "urgent") {
  const name = word.replace("-", "");
  const sign = word.startsWith("-") ? -1 : 1;
  const order = (one, other) =>
    sign * COMPARE[name](one, other) ||
    COMPARE.received(one, other) ||
    one.tip.reference.localeCompare(other.tip.reference);
  return [...rows].sort(order);
}

function alarmOf(desk, late, { urgent_hours, normal_hours }) {
  const links = late
    .sort(COMPARE.received)
    .slice(0, 8)
    .map(({ tip, age: waited }) =>
      h("li", {}, h("a", { href: desk.tipAddress(tip.id) }, tip.reference), ` ${waited}`),
    );
  const more =
    late.length > links.length ? h("li", {}, QUEUE.andMore(late.length - links.length)) : null;
  return h(
    "section",
    { class: "desk-notice desk-notice--danger", "aria-labelledby": "larm" },
    h("h2", { class: "desk-notice__heading", id: "larm" }, QUEUE.alarm(late.length)),
    h("p", {}, QUEUE.alarmHint(urgent_hours, normal_hours)),
    h("ul", { class: "desk-queue__late" }, links, more),
  );
}

function keyringNotice(key, { keyring }) {
  if (keyring.fault) return notice("danger", KEY.keyringFault, h("p", {}, keyring.fault));
  const known = new Set(keyring.recipients.map(({ recipient }) => recipient));
  if (key.recipients.some((recipient) => known.has(recipient))) return null;
  return notice("warning", null, h("p", {}, KEY.notInKeyring(keyring.serial)));
}

/** Buttons with the number of tips in each state, and the filters. */
function filterBar(desk, rows, changed, again) {
  const { wishes, queue } = desk;
  const numbers = new Map();
  for (const { tip } of rows) numbers.set(tip.state, (numbers.get(tip.state) ?? 0) + 1);
  const states = [{ name: "", label: QUEUE.all }, ...queue.states].filter(
    ({ name }) => !name || numbers.has(name) || wishes.state === name,
  );
  const stateButtons = states.map(({ name, label }) =>
    h(
      "button",
      {
        type: "button",
        class: "desk-states__state",
        "aria-pressed": String((wishes.state ?? "") === name),
        on: {
          click: () => {
            wishes.state = name;
            for (const [n, element] of stateButtons.entries()) {
              element.setAttribute("aria-pressed", String(states[n].name === name));
            }
            changed();
          },
        },
      },
      label,
      " ",
      h(
        "span",
        { class: "desk-states__number" },
        String(name ? (numbers.get(name) ?? 0) : rows.length),
      ),
    ),
  );
  const wish = (name, control, event, value) => {
    control.addEventListener(event, () => {
      wishes[name] = value();
      changed();
    });
    return control;
  };
  const choice = (name, options) => {
    const control = select(options);
    control.value = wishes[name] ?? "";
    return wish(name, control, "change", () => control.value);
  };
  const present = Object.entries(SHORT_SUBJECTS).filter(
    ([value]) => wishes.subject === value || rows.some(({ head }) => head?.subject === value),
  );
  const subject = choice("subject", [
    { value: "", label: QUEUE.everySubject },
    ...present.map(([value, label]) => ({ value, label })),
  ]);
  const handler = choice("handler", [
    { value: "", label: QUEUE.everybody },
    { value: "mine", label: QUEUE.mine },
    { value: "none", label: QUEUE.unassigned },
  ]);
  const sort = select(Object.entries(QUEUE.orders).map(([value, label]) => ({ value, label })));
  sort.value = wishes.sort ?? "urgent";
  wish("sort", sort, "change", () => sort.value);
  const search = h("input", quiet({ type: "search" }));
  search.value = wishes.search ?? "";
  wish("search", search, "input", () => search.value);
  const urgent = checkbox(QUEUE.onlyUrgent);
  urgent.control.checked = Boolean(wishes.urgent);
  wish("urgent", urgent.control, "change", () => urgent.control.checked);
  const closed = checkbox(QUEUE.withClosed, { "data-focus": "closed" });
  closed.control.checked = Boolean(wishes.withClosed);
  closed.control.addEventListener("change", () => {
    wishes.withClosed = closed.control.checked;
    if (!wishes.withClosed) delete wishes.state;
    again("closed");
  });
  const isWide = matchMedia("(min-width: 48rem)").matches;
  const sortField = field(QUEUE.sort, sort).element;
  sortField.classList.add("desk-filters__sort");
  return {
    sort,
    elements: [
      h("div", { class: "desk-states", role: "group", "aria-label": QUEUE.state }, stateButtons),
      h(
        "details",
        { class: "desk-filters-box", open: isWide || Object.values(wishes).some(Boolean) },
        h("summary", { class: "desk-filters-box__button" }, QUEUE.filter),
        h(
          "div",
          { class: "desk-filters" },
          field(QUEUE.search, search).element,
          field(QUEUE.subject, subject).element,
          field(QUEUE.handler, handler).element,
          sortField,
          h("div", { class: "desk-filters__checks" }, urgent.element, closed.element),
        ),
      ),
    ],
  };
}

const nothing = (rows, clear) =>
  h(
    "div",
    { class: "empty" },
    rows.length
      ? [h("p", {}, QUEUE.noMatch), h("p", {}, button(QUEUE.clear, clear))]
      : [h("p", {}, QUEUE.empty), h("p", { class: "desk-quiet" }, QUEUE.emptyHint)],
  );

const COLUMNS = [
  ["reference", null],
  ["received", "received"],
  ["urgent", "urgent"],
  ["subject", "subject"],
  ["excerpt", null],
  ["files", null],
  ["state", "state"],
  ["assigned", null],
];

/** A table, which a narrow window shows as cards: roles are written out, for styles hide them. */
function table(desk, rows, wishes, sortBy) {
  const sort = wishes.sort ?? "urgent";
  const heads = COLUMNS.map(([column, by]) => {
    const isBy = by && sort.replace("-", "") === by;
    const isReversed = sort.startsWith("-");
    const direction = isReversed || by === "urgent" ? "descending" : "ascending";
    const opposite = isBy && by === "received" && !isReversed ? `-${by}` : by;
    return h(
      "th",
      { scope: "col", role: "columnheader", "aria-sort": isBy ? direction : null },
      by
        ? h(
            "button",
            {
              type: "button",
              class: "desk-table__sort",
              "data-sort": by,
              on: { click: () => sortBy(opposite) },
            },
            QUEUE[column],
          )
        : QUEUE[column],
    );
  });
  return h(
    "table",
    { class: "desk-table", role: "table" },
    h("caption", { class: "desk-unseen" }, QUEUE.caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
    h(
      "tbody",
      { role: "rowgroup" },
      rows.map((row) => tableRow(desk, row)),
    ),
  );
}

function tableRow(desk, row) {
  const { tip, head, fault } = row;
  const cell = (column, ...content) =>
    h("td", { role: "cell", class: `desk-table__${column}`, "data-label": QUEUE[column] }, content);
  const badges = [
    row.isLate ? h("span", { class: "desk-badge desk-badge--danger" }, QUEUE.late) : null,
    tip.is_on_hold ? h("span", { class: "desk-badge" }, QUEUE.onHold) : null,
    tip.purge_proposed_by ? h("span", { class: "desk-badge" }, QUEUE.proposed) : null,
  ];
  const name = desk.queue.handlers.find(({ username }) => username === tip.assigned_to)?.name;
  return h(
    "tr",
    { role: "row", class: tip.is_unread ? "desk-table__unread" : null },
    h(
      "th",
      { scope: "row", role: "rowheader", class: "desk-table__reference" },
      h("a", { href: desk.tipAddress(tip.id) }, tip.reference),
    ),
    cell(
      "received",
      h("time", { datetime: row.received, title: written(row.received) }, short(row.received)),
      h("span", { class: "desk-quiet" }, row.age),
    ),
    cell(
      "urgent",
      head?.urgent ? h("span", { class: "desk-badge desk-badge--warning" }, QUEUE.urgentMark) : "",
    ),
    cell("subject", head ? (SHORT_SUBJECTS[head.subject] ?? foreign(head.subject)) : ""),
    cell(
      "excerpt",
      fault
        ? h("span", { class: "desk-table__fault" }, QUEUE.locked, ". ", fault)
        : foreign(excerptOf(head)),
    ),
    cell("files", head?.attachments ? String(head.attachments) : ""),
    cell("state", h("span", { class: "desk-table__word" }, tip.state_label), badges),
    cell("assigned", name ?? tip.assigned_to),
  );
}

function foot(desk, queue, again) {
  const { serial, fingerprint, fault } = queue.keyring;
  const older = queue.tips.filter((tip) => tip.keyring_serial < serial).length;
  const access = h("a", { href: desk.accessAddress() }, QUEUE.giveAccess);
  return h(
    "footer",
    { class: "desk-queue__foot" },
    h(
      "p",
      {},
      button(QUEUE.refresh, () => again()),
    ),
    h("p", {}, older ? [QUEUE.needsRewrap(older), " "] : null, access),
    fault ? null : h("p", { class: "desk-quiet" }, QUEUE.keyring(serial, fingerprint)),
  );
}
