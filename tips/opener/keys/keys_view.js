// Who can open what is left from now on, and whether older tips wait for them.
import LIST from "../../sealing/ordlista.txt";
import { notBelieved } from "../trust/desk_trust.js";
import { foreign, h } from "../page_parts/dom.js";
import { notice } from "../page_parts/forms.js";
import { dayOf, factsOf, listTable } from "../page_parts/lists.js";
import { pageView } from "../page_parts/page_view.js";
import { stopsOf } from "../trust/stops.js";
import { NotBelieved, wordRows } from "../trust/trust.js";
import { today, written } from "../words/dates.js";
import { KEYS } from "../words/view_words.js";

const BEGINNING = 23; // of a key of 2,000 characters

export const keysView = (desk) =>
  pageView(desk, {
    heading: KEYS.heading,
    ask: () => Promise.all(["nycklar/", "stopp/"].map(desk.api.shown)),
    show: ([{ older }, { stops }], _view, stands) => shown(desk, older, stops, stands),
  });

/** The keyring that was checked here, whatever the server says of it; or why none is believed. */
async function shown(desk, older, rows, stands) {
  try {
    const ring = await desk.trust.ring(stands);
    const { stops } = await stopsOf(rows, ring, today());
    return contents(desk, ring, older, untilOf(stops));
  } catch (error) {
    if (!(error instanceof NotBelieved)) throw error;
    if (!stands.keyring.fault) return [notBelieved(error)];
    return [notice("danger", error.message, h("p", {}, KEYS.closed))];
  }
}

/** Until which day each is stopped. */
const untilOf = (stops) =>
  new Map(stops.filter(({ isWhole }) => isWhole).map(({ said, lastDay }) => [said.handler, lastDay]));

const contents = (desk, ring, older, stopped) => [
  h("p", { class: "lead" }, KEYS.lead),
  ring.isDemo ? notice("warning", null, h("p", {}, KEYS.demo)) : null,
  factsOf([
    [KEYS.serial, ring.serial],
    [KEYS.madeOn, dayOf(ring.firstDay)],
    [KEYS.notAfter, dayOf(ring.lastDay)],
    [KEYS.words, wordRows(ring.hash, LIST).flatMap((row) => [h("br"), row]).slice(1)],
  ]),
  h("p", { class: "desk-quiet" }, KEYS.compare),
  listTable(
    KEYS.caption,
    KEYS.columns,
    ring.entries.map(({ id, name, recipient, since }) => [
      [foreign(name), stopped.has(id) ? ` – ${KEYS.stopped(written(stopped.get(id)))}` : ""],
      h("code", {}, `${recipient.slice(0, BEGINNING)}…`),
      dayOf(since),
    ]),
  ),
  older ? waiting(desk, older) : h("p", {}, KEYS.none),
];

const waiting = (desk, older) =>
  notice(
    "warning",
    KEYS.older(older),
    h("p", {}, h("a", { href: desk.accessAddress() }, KEYS.access)),
  );
