// Opens the whole texts of the queue for the search, in the background. They lie in the memory of this document
// until the key is locked; no tip is marked as read, and nothing of its files is asked for.
import { breath } from "../age/breath.js";
import { openedBody } from "../content/opened_body.js";
import { button, h } from "../page_parts/dom.js";
import { remember } from "./search.js";
import { SEARCH } from "../words/texts.js";

const BUSY_MS = 50; // how long the browser may be kept busy at a time
const MOST_LETTERS = 40_000_000; // two octets each

/** The button that begins and ends it, and how far it has come; `element` goes along from queue to queue. */
export function wholeTexts(desk) {
  let turn = null; // what goes on now
  const line = h("p", { class: "desk-quiet" }, SEARCH.whole.hint);
  const bar = h("progress", { class: "desk-progress", hidden: true, "aria-hidden": "true" });
  const press = button(SEARCH.whole.begin, () => (turn ? end(SEARCH.whole.stopped) : begin()));
  const element = h("div", { class: "desk-whole" }, press, bar, line);

  const tell = (text) => {
    line.textContent = text;
    if (desk.wishes.search || !turn) desk.shownQueue?.renew();
    bar.hidden = !turn;
    press.textContent = turn ? SEARCH.whole.stop : SEARCH.whole.begin;
  };
  const end = (words) => {
    turn = null;
    tell(words(desk.texts.size));
    desk.say(line.textContent);
  };
  const begin = async () => {
    const mine = (turn = {});
    const { key } = desk;
    const goesOn = () => turn === mine && desk.key === key;
    tell(SEARCH.whole.beginning);
    desk.say(SEARCH.whole.beginning);
    try {
      const left = await openAll(desk, goesOn, (done) => {
        bar.max = Math.max(desk.queue?.in_queue ?? 0, done);
        bar.value = done;
        tell(SEARCH.whole.progress(done, bar.max));
      });
      if (goesOn()) end((open) => SEARCH.whole.done(open, left));
    } catch (error) {
      if (goesOn()) end(() => desk.explanation(error));
    }
  };
  return { element };
}

/** Opens lot after lot; returns of how many tips the text is not there. */
async function openAll(desk, goesOn, tell) {
  const { withClosed } = desk.wishes;
  const asked = (next) => {
    const lot = desk.api.texts(withClosed, next);
    lot.catch(() => {}); // it is told when its turn comes
    return lot;
  };
  let [done, left, letters] = [0, 0, 0];
  await desk.api.beginSearch();
  for (let following = asked(""); following && goesOn(); ) {
    const { tips, next } = await following;
    // The next lot is on its way while this one is opened.
    following = next && letters < MOST_LETTERS && goesOn() ? asked(next) : null;
    let from = -Infinity;
    for (const tip of tips) {
      if (performance.now() - from > BUSY_MS) {
        await breath();
        from = performance.now();
      }
      if (!goesOn()) return left;
      if (!desk.texts.has(tip.id)) {
        const { body, isUntested } = await openedBody(desk, tip);
        if (body && !isUntested && goesOn()) remember(desk, tip.id, body);
      }
      left += Number(!desk.texts.has(tip.id));
      letters += desk.texts.get(tip.id)?.length ?? 0;
      done += 1;
    }
    tell(done);
  }
  return left + Math.max(0, (desk.queue?.in_queue ?? 0) - done);
}
