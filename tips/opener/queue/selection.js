// Takes a step with several tips in the queue at once: one signature, and an event for each.
import { button, h } from "../page_parts/dom.js";
import { alarm, checkbox } from "../page_parts/forms.js";
import { labelOf } from "../words/labels.js";
import { asked, which } from "../page_parts/question.js";
import { referenceOf } from "../words/reference.js";
import { Conflict, Refused } from "../page_parts/server.js";
import { MOST_TIPS, signedAct } from "../trust/statement.js";
import { COMMON, SELECTION } from "../words/texts.js";

/** The marks in the queue: only what is shown, and may be spam, can be marked. */
export function selection(desk, queue, renew) {
  const ids = desk.marked;
  let visible = [];
  let urgent = new Set();
  let isMarking = false;
  const steps = queue.with_many;
  const mayBe = (tip) => steps.some(({ states }) => states.includes(tip.state));
  const all = checkbox("");
  const allLabel = all.element.querySelector("label");
  const count = h("span", { class: "desk-select__count", role: "status" });
  const acts = steps.map((step) => button(`${labelOf("step", step.name)} …`, () => ask(step)));
  const bar = h(
    "div",
    { class: "desk-select", role: "group", "aria-label": SELECTION.label },
    all.element,
    count,
    acts,
  );
  const said = h("div", {});
  const element = h("div", {}, said, bar);

  const marked = ({ states }) => visible.filter((tip) => ids.has(tip.id) && states.includes(tip.state));
  const tell = () => {
    bar.hidden = !visible.length;
    all.control.checked = visible.length > 0 && ids.size === visible.length;
    all.control.indeterminate = ids.size > 0 && ids.size < visible.length;
    allLabel.textContent = SELECTION.all(visible.length);
    count.textContent = ids.size ? SELECTION.marked(ids.size) : "";
    for (const [at, act] of acts.entries())
      act.setAttribute("aria-disabled", String(!marked(steps[at]).length));
  };
  const boxes = () => [...document.querySelectorAll("input[data-tip]")];
  all.control.addEventListener("change", () => {
    ids.clear();
    if (all.control.checked) for (const { id } of visible) ids.add(id);
    for (const box of boxes()) box.checked = ids.has(box.dataset.tip);
    tell();
  });

  const ask = async (step) => {
    if (isMarking) return;
    const tips = marked(step);
    if (!tips.length) {
      count.textContent = ids.size ? SELECTION.noneFit : SELECTION.noneMarked;
      return;
    }
    const { key } = desk;
    const reason = await reasonFor(step, tips, urgent, ids.size - tips.length);
    if (reason === null || desk.key !== key) return;
    said.replaceChildren();
    isMarking = true;
    desk.say(SELECTION.taking(tips.length), true);
    const found = await take(desk, step.name, tips, reason);
    isMarking = false;
    if (desk.key !== key) return;
    settle(desk, queue, found);
    ids.clear();
    renew();
    const box = report(desk, found);
    if (box) said.replaceChildren(box);
    desk.say(SELECTION.done(labelOf("done", step.name), found.done.length));
    if (box) box.focus();
    else if (bar.hidden) desk.focusHeading();
    else all.control.focus();
  };

  return {
    element,
    /** The mark of a tip, to stand in its row. */
    box(tip) {
      if (!mayBe(tip)) return null;
      const control = h("input", {
        type: "checkbox",
        class: "desk-select__box",
        autocomplete: "off",
        "data-tip": tip.id,
        "aria-label": SELECTION.mark(referenceOf(tip.id)),
      });
      control.checked = ids.has(tip.id);
      control.addEventListener("change", () => {
        if (control.checked) ids.add(tip.id);
        else ids.delete(tip.id);
        tell();
      });
      return control;
    },
    /** These rows are shown now; a mark on another is taken away. */
    show(rows) {
      visible = rows.map(({ tip }) => tip).filter(mayBe);
      urgent = new Set(rows.filter(({ head }) => head?.urgent).map(({ tip }) => tip.id));
      const shown = new Set(visible.map(({ id }) => id));
      for (const id of ids) if (!shown.has(id)) ids.delete(id);
      tell();
    },
  };
}

/** The one question: for which reason, if any; null when it is called off. */
function reasonFor(step, tips, urgent, others) {
  const hasten = tips.filter((tip) => urgent.has(tip.id)).length;
  const unread = tips.filter((tip) => tip.is_unread).length;
  const reasons = step.needs[0]?.choices ?? [""];
  const nameOf = (reason) => (reason ? labelOf("choice", step.name, reason) : labelOf("step", step.name));
  return asked(
    SELECTION.question(labelOf("step", step.name), tips.length),
    [
      which(tips.map(({ id }) => referenceOf(id))),
      others ? h("p", {}, SELECTION.others(others)) : null,
      hasten ? h("p", {}, SELECTION.urgent(hasten)) : null,
      unread ? h("p", {}, SELECTION.unread(unread)) : null,
      h("p", {}, step.needs.length ? SELECTION.why : "", step.name === "spam" ? SELECTION.undo : ""),
    ],
    reasons.map((reason) => [reason, nameOf(reason)]),
  );
}

/** Takes the step with all that nobody has changed meanwhile; the others are left. */
async function take(desk, name, tips, reason) {
  const found = { done: [], left: [], stopped: null };
  let rest = tips;
  while (rest.length) {
    const lot = rest.slice(0, MOST_TIPS);
    try {
      const { tips: now } = await desk.api.act(await signedAct(desk, name, lot, reason));
      found.done.push(...now);
      rest = rest.slice(lot.length);
    } catch (error) {
      const stale = (error instanceof Conflict && error.answer.stale) || [];
      if (!lot.some(({ id }) => stale.includes(id))) {
        // Without an answer nobody knows whether it was done.
        found.stopped = error instanceof Refused ? null : error;
        found.left.push(...rest.map((tip) => ({ tip, why: desk.explanation(error) })));
        break;
      }
      const now = new Map(error.answer.tips.map((tip) => [tip.id, tip]));
      const gone = rest.filter(({ id }) => stale.includes(id));
      found.left.push(
        ...gone.map((tip) => ({ tip, ...overtaken(now.get(tip.id)) })),
      );
      rest = rest.filter(({ id }) => !stale.includes(id));
    }
  }
  return found;
}

const renewed = (tip, now) => now && { ...tip, ...now }; // its head stays

const overtaken = (now = null) => ({
  now,
  why: SELECTION.overtaken(now ? labelOf("state", now.state) : COMMON.gone),
});

/** Lets the queue know how the tips are now. */
function settle(desk, queue, { done, left }) {
  const changed = new Map(done.map((tip) => [tip.id, tip]));
  for (const { tip, now } of left) if (now !== undefined) changed.set(tip.id, now);
  const before = queue.tips.length;
  const isLeft = (tip) => tip && (desk.wishes.withClosed || !queue.closed.includes(tip.state));
  queue.tips = queue.tips
    .map((tip) => (changed.has(tip.id) ? renewed(tip, changed.get(tip.id)) : tip))
    .filter(isLeft);
  queue.in_queue -= before - queue.tips.length;
}

function report(desk, { done, left, stopped }) {
  if (!left.length) return null;
  const item = ({ tip, why }) =>
    h("li", {}, h("a", { href: desk.tipAddress(tip.id) }, referenceOf(tip.id)), `: ${why}`);
  return alarm(
    "warning",
    SELECTION.left(left.length, done.length),
    h("ul", {}, left.map(item)),
    stopped ? h("p", {}, SELECTION.again) : null,
  );
}
