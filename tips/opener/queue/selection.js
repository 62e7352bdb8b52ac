// Marks several tips in the queue as spam at once. Each is a step and an event of its own.
import { button, h, uniqueId } from "../page_parts/dom.js";
import { alarm, checkbox } from "../page_parts/forms.js";
import { happened } from "../words/happened.js";
import { labelOf } from "../words/labels.js";
import { referenceOf } from "../words/reference.js";
import { Conflict, Refused } from "../page_parts/server.js";
import { COMMON, SELECTION } from "../words/texts.js";

/** The marks in the queue: only what is shown, and may be spam, can be marked. */
export function selection(desk, queue, renew) {
  const ids = new Set();
  let visible = [];
  let urgent = new Set();
  let isMarking = false;
  const mayBe = (tip) => queue.spam.states.includes(tip.state);
  const all = checkbox("");
  const allLabel = all.element.querySelector("label");
  const count = h("span", { class: "desk-select__count", role: "status" });
  const act = button(SELECTION.spam, () => ask());
  const bar = h(
    "div",
    { class: "desk-select", role: "group", "aria-label": SELECTION.label },
    all.element,
    count,
    act,
  );
  const said = h("div", {});
  const element = h("div", {}, said, bar);

  const tell = () => {
    bar.hidden = !visible.length;
    all.control.checked = visible.length > 0 && ids.size === visible.length;
    all.control.indeterminate = ids.size > 0 && ids.size < visible.length;
    allLabel.textContent = SELECTION.all(visible.length);
    count.textContent = ids.size ? SELECTION.marked(ids.size) : "";
    act.setAttribute("aria-disabled", String(!ids.size));
  };
  const boxes = () => [...document.querySelectorAll("input[data-tip]")];
  all.control.addEventListener("change", () => {
    ids.clear();
    if (all.control.checked) for (const { id } of visible) ids.add(id);
    for (const box of boxes()) box.checked = ids.has(box.dataset.tip);
    tell();
  });

  const ask = async () => {
    if (isMarking) return;
    if (!ids.size) {
      count.textContent = SELECTION.noneMarked;
      return;
    }
    const { key } = desk;
    const tips = visible.filter(({ id }) => ids.has(id));
    const reason = await reasonFor(tips, urgent, queue.spam.reasons);
    if (!reason || desk.key !== key) return;
    said.replaceChildren();
    isMarking = true;
    const found = await mark(desk, tips, reason);
    isMarking = false;
    if (desk.key !== key) return;
    settle(desk, queue, found);
    ids.clear();
    renew();
    const box = report(desk, found);
    if (box) said.replaceChildren(box);
    desk.say(SELECTION.done(found.done.length));
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

/** The one question: for which reason; null when it is called off. */
function reasonFor(tips, urgent, reasons) {
  return new Promise((resolve) => {
    const id = uniqueId("fraga");
    let chosen = null;
    const close = (reason) => {
      chosen = reason;
      dialog.close();
    };
    const hasten = tips.filter((tip) => urgent.has(tip.id)).length;
    const unread = tips.filter((tip) => tip.is_unread).length;
    const dialog = h(
      "dialog",
      { class: "desk-dialog desk-select__question", "aria-labelledby": id },
      // It has the focus: whoever presses Enter twice marks nothing.
      h("h2", { id, tabindex: "-1", autofocus: true }, SELECTION.question(tips.length)),
      h("p", { class: "desk-select__which" }, tips.map(({ id }) => referenceOf(id)).join(", ")),
      hasten ? h("p", {}, SELECTION.urgent(hasten)) : null,
      unread ? h("p", {}, SELECTION.unread(unread)) : null,
      h("p", {}, SELECTION.why),
      h(
        "div",
        { class: "desk-select__reasons" },
        reasons.map((reason) => button(labelOf("choice", "spam", reason), () => close(reason))),
      ),
      h("p", {}, button(COMMON.cancel, () => close(null))),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(chosen);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Takes the step with one tip after the other; those that another has changed are left. */
async function mark(desk, tips, reason) {
  const { key } = desk;
  const found = { done: [], left: [], stopped: null };
  for (const tip of tips) {
    if (desk.key !== key) return found;
    if (found.stopped) {
      found.left.push({ tip, why: SELECTION.notTried });
      continue;
    }
    desk.say(SELECTION.taking(found.done.length + found.left.length + 1, tips.length), true);
    try {
      const asked = { step: "spam", version: tip.version, reason };
      const now = await desk.api.step(tip.id, asked);
      found.done.push(now.tip);
    } catch (error) {
      if (error instanceof Conflict) found.left.push({ tip, ...overtaken(desk, error.answer) });
      else if (error instanceof Refused) found.left.push({ tip, why: error.message });
      else {
        // Without an answer nobody knows whether this one was done.
        found.stopped = error;
        found.left.push({ tip, why: desk.explanation(error) });
      }
    }
  }
  return found;
}

function overtaken(desk, { tip, events = [] }) {
  const last = events.at(-1);
  const what = last ? happened(desk, last) : COMMON.gone;
  return { now: tip ?? null, why: SELECTION.overtaken(what) };
}

/** Lets the queue know how the tips are now. */
function settle(desk, queue, { done, left }) {
  const changed = new Map(done.map((tip) => [tip.id, tip]));
  for (const { tip, now } of left) if (now !== undefined) changed.set(tip.id, now);
  const before = queue.tips.length;
  const isLeft = (tip) => tip && (desk.wishes.withClosed || !queue.closed.includes(tip.state));
  queue.tips = queue.tips
    .map((tip) => (changed.has(tip.id) ? changed.get(tip.id) : tip))
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
