// The event log: all steps with all tips, the latest first, and whether it is whole.
import { foreign, h } from "./dom.js";
import { alarm, notice } from "./forms.js";
import { reasonOf } from "./happened.js";
import { labelOf } from "./labels.js";
import { dayOf, listTable, pageAsked, pager } from "./lists.js";
import { pageView } from "./page_view.js";
import { referenceOf } from "./reference.js";
import { refusalIn } from "./refusals.js";
import { EVENTS } from "./view_words.js";

export const eventsView = (desk) =>
  pageView(desk, {
    heading: EVENTS.heading,
    ask: () => desk.api.shown(`handelser/${pageAsked()}`),
    show: (answer) => [standing(answer), ...listed(desk, answer)],
  });

function standing({ broken, last }) {
  if (broken) {
    return alarm("danger", EVENTS.broken, h("p", {}, refusalIn(broken)), h("p", {}, EVENTS.brokenText));
  }
  if (!last) return null;
  return notice(
    "information",
    EVENTS.whole,
    h("p", {}, `${EVENTS.hash(last.seq)} `, h("code", {}, last.hash)),
    h("p", {}, EVENTS.note),
  );
}

function listed(desk, { rows, page }) {
  if (!rows.length) return [h("p", { class: "empty" }, EVENTS.none)];
  const cells = rows.map((row) => [
    row.seq,
    dayOf(row.on),
    h("a", { href: desk.tipAddress(row.tip) }, referenceOf(row.tip)),
    [labelOf("done", row.verb), reasonOf(row)].filter(Boolean).join(": "),
    row.actor ? foreign(row.actor) : EVENTS.system,
    [row.from, row.to].filter(Boolean).map((state) => labelOf("state", state)).join(" → "),
  ]);
  return [listTable(EVENTS.caption, EVENTS.columns, cells), pager(page)];
}
