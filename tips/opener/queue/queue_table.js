// The queue's rows, as a table.
import { ARRIVALS } from "../words/arrival_words.js";
import { short, written } from "../words/dates.js";
import { foreign, h } from "../page_parts/dom.js";
import { labelOf } from "../words/labels.js";
import { referenceOf } from "../words/reference.js";
import { snippetOf } from "./search.js";
import { excerptOf } from "../content/shown.js";
import { QUEUE, SHORT_SUBJECTS } from "../words/texts.js";

const COLUMNS = "mark reference received urgent subject excerpt files state assigned".split(" ");

/** A table, which a narrow window shows as cards: roles are written out, for styles hide them. */
export function table(desk, rows, wishes, marked) {
  const heads = COLUMNS.map((column) => h("th", { scope: "col", role: "columnheader" }, QUEUE[column]));
  const shown = h(
    "table",
    { class: "desk-table", role: "table", "aria-describedby": "tangenter" },
    h("caption", { class: "desk-unseen" }, QUEUE.caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
    h("tbody", { role: "rowgroup" }, rows.map((row) => shownRow(desk, row, wishes, marked))),
  );
  return h("div", {}, h("p", { class: "desk-quiet desk-keys", id: "tangenter" }, QUEUE.keys), shown);
}

/** J and K lead to the next and the previous tip, X marks it: while the focus is in the list, and nowhere else. */
export function byKey({ target, key, ctrlKey, metaKey, altKey }) {
  const row = target.closest("tbody tr");
  if (!row || ctrlKey || metaKey || altKey) return;
  const letter = key.toLowerCase();
  if (letter === "x") row.querySelector("input")?.click();
  const other = { j: row.nextElementSibling, k: row.previousElementSibling }[letter];
  other?.querySelector("a").focus();
}

/** A row that cannot be shown stops no other. */
function shownRow(desk, row, ...how) {
  try {
    return tableRow(desk, row, ...how);
  } catch {
    return tableRow(desk, row.closed, ...how);
  }
}

function tableRow(desk, row, wishes, marked) {
  const { tip, head, fault, isForged } = row;
  const closed = isForged ? ARRIVALS.notShown : QUEUE.locked;
  const cell = (column, ...content) =>
    h("td", { role: "cell", class: `desk-table__${column}`, "data-label": QUEUE[column] }, content);
  const badges = [
    row.isLate ? h("span", { class: "desk-badge desk-badge--danger" }, QUEUE.late) : null,
    tip.is_on_hold ? h("span", { class: "desk-badge" }, QUEUE.onHold) : null,
    tip.purge_proposed_by ? h("span", { class: "desk-badge" }, QUEUE.proposed) : null,
    desk.readersOf(tip.id) ? h("span", { class: "desk-badge" }, desk.readersOf(tip.id)) : null,
  ];
  return h(
    "tr",
    { role: "row", class: tip.is_unread ? "desk-table__unread" : null },
    cell("mark", marked.box(tip) ?? ""),
    h(
      "th",
      { scope: "row", role: "rowheader", class: "desk-table__reference" },
      h("a", { href: desk.tipAddress(tip.id) }, referenceOf(tip.id)),
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
        ? h("span", { class: "desk-table__fault" }, closed, ". ", fault)
        : foreign(snippetOf(desk, row, wishes.search) ?? excerptOf(head)),
    ),
    cell("files", head?.attachments ? String(head.attachments) : ""),
    cell("state", h("span", { class: "desk-table__word" }, labelOf("state", tip.state)), badges),
    cell("assigned", desk.nameOf(tip.assigned_to)),
  );
}
