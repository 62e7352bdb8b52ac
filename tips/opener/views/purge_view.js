// Purging takes a decision and two people: what one has proposed, another approves here.
import { written } from "../words/dates.js";
import { foreign, h } from "../page_parts/dom.js";
import { hintOf, labelOf } from "../words/labels.js";
import { dayOf, factsOf, pageAsked, pager } from "../page_parts/lists.js";
import { pageView } from "../page_parts/page_view.js";
import { referenceOf } from "../words/reference.js";
import { Refused } from "../page_parts/server.js";
import { acting, entry, sheet } from "../page_parts/sheet.js";
import { PURGE } from "../words/view_words.js";

const LONGEST_DECISION = 60;

export const purgeView = (desk) =>
  pageView(desk, {
    heading: PURGE.heading,
    lead: PURGE.lead,
    isNarrow: true,
    ask: () => desk.api.shown(`gallring/${pageAsked()}`),
    show: (answer, view) => contents(desk, view, answer),
  });

function contents(desk, view, { proposed, due, page }) {
  const take = (row, step, said, more = {}) =>
    view.act(
      () => desk.api.act("gallring/", { step, tip: row.id, version: row.version, ...more }),
      said,
    );
  const approve = async (row) => {
    await take(row, "approve", PURGE.approved);
    // Nor is what was opened of it left here.
    for (const kept of [desk.heads, desk.texts, desk.drafts]) kept.delete(row.id);
  };
  return [
    h("h2", {}, PURGE.waiting),
    ...listed(proposed, PURGE.nothing, (row) => tipPart(desk, row, answering(row, take, approve))),
    h("h2", {}, PURGE.due),
    ...listed(due, PURGE.none, (row) => tipPart(desk, row, proposing(row, take))),
    pager(page),
  ];
}

const listed = (rows, none, part) =>
  rows.length ? rows.map(part) : [h("p", { class: "empty" }, none)];

function tipPart(desk, row, acts) {
  const id = `tips-${row.id}`;
  return h(
    "section",
    { class: "desk-purge", "aria-labelledby": id },
    h("h3", { id }, h("a", { href: desk.tipAddress(row.id) }, referenceOf(row.id))),
    factsOf([
      [PURGE.state, labelOf("state", row.state)],
      [PURGE.since, dayOf(row.state_on)],
      [PURGE.received, dayOf(row.received_on)],
      [PURGE.register, row.register_no],
      [PURGE.proposedBy, row.proposed_by && foreign(row.proposed_by)],
      [PURGE.decision, row.proposed_by && row.decision],
    ]),
    acts,
  );
}

/** What can be done with a proposal: who has made it withdraws it, others approve it as well. */
const answering = (row, take, approve) => [
  row.is_mine
    ? h("p", {}, PURGE.isMine)
    : acting(PURGE.approve(referenceOf(row.id)), () => approve(row), { class: "button" }),
  acting(PURGE.withdraw(referenceOf(row.id)), () => take(row, "withdraw", PURGE.withdrawn)),
];

function proposing(row, take) {
  if (row.is_on_hold) return h("p", {}, PURGE.onHold);
  if (row.not_before) return h("p", {}, PURGE.notBefore(written(row.not_before)));
  const decision = entry("decision", PURGE.allowedBy, PURGE.noDecision, {
    hint: hintOf("decision"),
    maxlength: LONGEST_DECISION,
  });
  return sheet([decision], PURGE.propose(referenceOf(row.id)), async (typed) => {
    try {
      await take(row, "propose", PURGE.proposed, typed);
    } catch (error) {
      if (error instanceof Refused) decision.fault(error.message);
      throw error;
    }
  });
}
