// Purging takes a decision and two people: what one has proposed, for one tip or many, another approves here.
import { written } from "../words/dates.js";
import { believedRing } from "../trust/desk_trust.js";
import { h } from "../page_parts/dom.js";
import { alarm, checkbox } from "../page_parts/forms.js";
import { hintOf, labelOf } from "../words/labels.js";
import { dayOf, factsOf, orNone, pageAsked, pager } from "../page_parts/lists.js";
import { pageView } from "../page_parts/page_view.js";
import { asked, which } from "../page_parts/question.js";
import { referenceOf } from "../words/reference.js";
import { Refused } from "../page_parts/server.js";
import { acting, entry, sheet } from "../page_parts/sheet.js";
import { readStatements, signedAct, stillStands } from "../trust/statement.js";
import { PURGE } from "../words/view_words.js";

const LONGEST_DECISION = 60;

export const purgeView = (desk) =>
  pageView(desk, {
    heading: PURGE.heading,
    lead: PURGE.lead,
    isNarrow: true,
    ask: () => desk.api.shown(`gallring/${pageAsked()}`),
    show: contents.bind(null, desk),
  });

async function contents(desk, { proposed, proposals, due, page }, view, queue) {
  const ring = await believedRing({ trust: desk.trust, queue });
  const read = await readStatements(proposals, ring);
  const take = (act, rows, value, said) =>
    view.act(async () => desk.api.act(await signedAct(desk, act, rows, value)), said);
  const groups = [...Map.groupBy(proposed, ({ proposal }) => proposal).values()];
  return [
    h("h2", {}, PURGE.waiting),
    ...orNone(groups, PURGE.nothing, (rows) => proposalPart(desk, rows, read, take)),
    h("h2", {}, PURGE.due),
    ...orNone(due.length ? [due] : [], PURGE.none, (rows) => proposing(desk, rows, take)),
    pager(page),
  ];
}

/** What one handler has proposed by one decision: they withdraw it, others approve it as well. */
function proposalPart(desk, rows, read, take) {
  const id = `forslag-${rows[0].id}`;
  const signed = read.get(rows[0].proposal);
  const isSigned = signed?.isHere && rows.every((row) => isProposed(row, signed, read));
  const { author, value } = signed?.said ?? {};
  const approve = async () => {
    const names = which(rows.map((row) => referenceOf(row.id)));
    const content = [names, h("p", {}, PURGE.forever)];
    if (!(await asked(PURGE.question(rows.length), content, [[true, PURGE.purge]]))) return;
    await take("purge", rows, signed.hash, PURGE.approved(rows.length));
    // Nor is what was opened of them left here.
    for (const row of rows) for (const kept of [desk.heads, desk.texts, desk.drafts]) kept.delete(row.id);
  };
  const withdraw = () => take("withdraw_purge", rows, "", PURGE.withdrawn);
  return h(
    "section",
    { class: "desk-purge", "aria-labelledby": id },
    h("h3", { id }, PURGE.proposal(rows.length)),
    isSigned
      ? factsOf([
          [PURGE.proposedBy, signed.name],
          [PURGE.decision, value],
        ])
      : alarm("danger", PURGE.unsigned, h("p", {}, PURGE.unsignedText)),
    h("ul", { class: "desk-purge__tips" }, rows.map((row) => h("li", {}, ...tipLine(desk, row)))),
    author === desk.key.handler
      ? h("p", {}, PURGE.isMine)
      : isSigned
        ? acting(PURGE.approve(rows.length), approve, { class: "button" })
        : null,
    acting(PURGE.withdraw, withdraw),
  );
}

const isProposed = (row, { said }, read) =>
  said.act === "propose_purge" &&
  said.author === row.purge_proposed_by &&
  said.value === row.decision &&
  said.tips.some(({ tip }) => tip === row.id) &&
  stillStands(row, read);

const tipLine = (desk, row) => [
  h("a", { href: desk.tipAddress(row.id) }, referenceOf(row.id)),
  ` ${labelOf("state", row.state)} `,
  dayOf(row.state_on),
  row.register_no ? `, ${row.register_no}` : "",
];

/** The tips that can be purged, to be marked, and the decision that allows it. */
function proposing(desk, rows, take) {
  const boxes = new Map();
  const item = (row) => {
    const { control, element } = checkbox("");
    element.querySelector("label").append(...tipLine(desk, row));
    boxes.set(row, control);
    return h("li", {}, element);
  };
  const why = (row) => (row.is_on_hold ? PURGE.onHold : PURGE.notBefore(written(row.not_before)));
  const waits = (row) => h("li", {}, ...tipLine(desk, row), h("p", { class: "desk-quiet" }, why(row)));
  const isFree = (row) => !row.is_on_hold && !row.not_before;
  const [free, waiting] = [rows.filter(isFree), rows.filter((row) => !isFree(row))];
  const all = checkbox(PURGE.all(free.length));
  all.control.addEventListener("change", () => {
    for (const box of boxes.values()) box.checked = all.control.checked;
  });
  const decision = entry("decision", PURGE.allowedBy, PURGE.noDecision, {
    hint: hintOf("decision"),
    maxlength: LONGEST_DECISION,
  });
  const propose = async (typed) => {
    const marked = free.filter((row) => boxes.get(row).checked);
    if (!marked.length) throw new Refused(PURGE.noneMarked);
    try {
      await take("propose_purge", marked, typed.decision.trim(), PURGE.proposed);
    } catch (error) {
      if (error instanceof Refused) decision.fault(error.message);
      throw error;
    }
  };
  const list = (items) => (items.length ? h("ul", { class: "desk-purge__tips" }, items) : null);
  return h(
    "div",
    { class: "desk-purge" },
    free.length > 1 ? all.element : null,
    list(free.map(item)),
    free.length ? sheet([decision], PURGE.propose, propose) : null,
    list(waiting.map(waits)),
  );
}
