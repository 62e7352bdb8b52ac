// What the desk's service answers of the numbers, read with care: it may say anything, or nothing.

const isNumber = (value) => Number.isSafeInteger(value) && value >= 0;
const listIn = (value) => (Array.isArray(value) ? value : []);
const textIn = (value) => (typeof value === "string" ? value : "");

/** The numbers could not be checked: the service does not answer, or never comes to an end. */
export class Unchecked extends Error {}

const MOST_ROWS = 1000; // twice what an answer holds: more of them keeps the tab busy for nothing

/** What can be used of an answer: numbers where they are numbers, texts where they are texts. */
export function answerIn({ arrivals, next, newest, vanished }) {
  if (listIn(arrivals).length > MOST_ROWS) throw new Unchecked();
  const numberOf = (epoch) => (Object.hasOwn(newest ?? {}, epoch) ? newest[epoch] : 0);
  return {
    rows: listIn(arrivals).map(rowIn),
    next: textIn(next),
    newest: (epoch) => (isNumber(numberOf(epoch)) ? numberOf(epoch) : 0),
    vanished: listIn(vanished).filter(isNumber),
  };
}

/** A row; its counter is null where it is no number. */
const rowIn = (row) => ({
  epoch: textIn(row?.epoch),
  counter: isNumber(row?.counter) ? row.counter : null,
  message: textIn(row?.message),
  ed25519: textIn(row?.ed25519),
});

/** Unchecked, once `act` has taken too long: from then on its `turn.isOver`. */
export function within(limit, act) {
  const turn = { isOver: false };
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => {
      turn.isOver = true;
      reject(new Unchecked());
    }, limit);
  });
  return Promise.race([act(turn), late]).finally(() => clearTimeout(timer));
}
