// In which order the queue's rows stand.
import { SHORT_SUBJECTS } from "../words/texts.js";

const byText = (one, other) => (one < other ? -1 : Number(one > other));

export const received = (one, other) => byText(one.received, other.received);

const COMPARE = {
  received,
  urgent: (one, other) => haste(other) - haste(one) || (one.head?.urgent && received(other, one)),
  subject: (one, other) => subjectOf(one).localeCompare(subjectOf(other), "sv"),
  state: (one, other) => one.statePlace - other.statePlace,
};

/** How urgent it is: unopened and urgent, late, urgent. Of two as urgent the newer goes first, of late ones the older. */
const haste = ({ head, tip, isLate }) => (head?.urgent && tip.is_unread ? 3 : isLate ? 2 : Number(head?.urgent ?? 0));

const subjectOf = ({ head }) =>
  head ? (SHORT_SUBJECTS[head.subject] ?? head.subject ?? "") : "\u{10FFFF}";

export function sorted(rows, word = "urgent") {
  const name = word.replace("-", "");
  const sign = word.startsWith("-") ? -1 : 1;
  const order = (one, other) =>
    sign * COMPARE[name](one, other) ||
    received(one, other) ||
    byText(one.tip.id, other.tip.id);
  return [...rows].sort(order);
}
