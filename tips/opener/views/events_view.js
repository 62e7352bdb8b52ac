// The event log: all steps with all tips, the latest first, and whether it is whole.
import { h } from "../page_parts/dom.js";
import { alarm, notice } from "../page_parts/forms.js";
import { reasonOf } from "../words/happened.js";
import { labelOf } from "../words/labels.js";
import { dayOf, listTable, pageAsked, pager } from "../page_parts/lists.js";
import { pageView } from "../page_parts/page_view.js";
import { referenceOf } from "../words/reference.js";
import { refusalIn } from "../words/refusals.js";
import { believedRing } from "../trust/desk_trust.js";
import { readStatements, unsigned } from "../trust/statement.js";
import { TIP } from "../words/texts.js";
import { EVENTS } from "../words/view_words.js";

export const eventsView = (desk) =>
  pageView(desk, {
    heading: EVENTS.heading,
    ask: () => desk.api.shown(`handelser/${pageAsked()}`),
    async show(answer, view, stands) {
      const ring = await believedRing({ trust: desk.trust, queue: stands });
      const read = await readStatements(answer.statements, ring);
      return [standing(answer), ...listed(desk, answer, unsigned(answer.rows, read, ({ tip }) => tip))];
    },
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

function listed(desk, { rows, page }, unsignedHere) {
  if (!rows.length) return [h("p", { class: "empty" }, EVENTS.none)];
  const cells = rows.map((row) => [
    row.seq,
    dayOf(row.on),
    row.tip ? h("a", { href: desk.tipAddress(row.tip) }, referenceOf(row.tip)) : "",
    [labelOf("done", row.verb), reasonOf(row, desk.nameOf)].filter(Boolean).join(": "),
    [
      row.actor ? desk.nameOf(row.actor) : EVENTS.system,
      unsignedHere.includes(row.seq)
        ? h("strong", { class: "desk-badge desk-badge--danger" }, TIP.unsigned)
        : null,
    ],
    [row.from, row.to].filter(Boolean).map((state) => labelOf("state", state)).join(" → "),
  ]);
  return [listTable(EVENTS.caption, EVENTS.columns, cells), pager(page)];
}
