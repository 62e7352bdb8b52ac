// Which tips have waited too long, above the queue: many of them are one line that opens.
import { h } from "../page_parts/dom.js";
import { received } from "./queue_order.js";
import { referenceOf } from "../words/reference.js";
import { QUEUE } from "../words/texts.js";

const FEW = 8; // so many stand there unfolded
const MOST_NAMED = 200;

export function lateBox(desk, queue) {
  const { alarm } = queue;
  const heading = h("h2", { class: "desk-notice__heading", id: "larm" });
  const named = h("ul", { class: "desk-queue__late" });
  const fold = h(
    "details",
    { class: "desk-late" },
    h("summary", { class: "desk-late__line" }, heading),
    h("p", {}, QUEUE.alarmHint(alarm.urgent_hours, alarm.normal_hours)),
    named,
  );
  const box = { class: "desk-notice desk-notice--danger", "aria-labelledby": "larm" };
  const element = h("div", {});
  const item = ({ tip, age: waited }) =>
    h("li", {}, h("a", { href: desk.tipAddress(tip.id) }, referenceOf(tip.id)), ` ${waited}`);
  return {
    element,
    /** Until all have come the server's count, by days, goes first. */
    show(late) {
      const number = queue.next ? Math.max(late.length, alarm.overdue) : late.length;
      const rest = number - Math.min(late.length, MOST_NAMED);
      if (!number) return element.replaceChildren();
      heading.textContent = QUEUE.alarm(number);
      const items = late.sort(received).slice(0, MOST_NAMED).map(item);
      named.replaceChildren(...items, rest ? h("li", {}, QUEUE.andMore(rest)) : "");
      if (element.firstChild) return;
      fold.open = number <= FEW;
      element.append(h("section", box, fold));
    },
  };
}
