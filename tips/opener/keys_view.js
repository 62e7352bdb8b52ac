// Who can open what is left from now on, and whether older tips wait for them.
import LIST from "../sealing/ordlista.txt";
import { foreign, h } from "./dom.js";
import { notice } from "./forms.js";
import { dayOf, factsOf, listTable } from "./lists.js";
import { pageView } from "./page_view.js";
import { refusalIn } from "./refusals.js";
import { wordRows } from "./trust.js";
import { KEYS } from "./view_words.js";

export const keysView = (desk) =>
  pageView(desk, {
    heading: KEYS.heading,
    ask: () => desk.api.shown("nycklar/"),
    show: (ring) =>
      ring.fault
        ? [notice("danger", refusalIn(ring.fault), h("p", {}, KEYS.closed))]
        : contents(desk, ring),
  });

const contents = (desk, ring) => [
  h("p", { class: "lead" }, KEYS.lead),
  ring.is_demo ? notice("warning", null, h("p", {}, KEYS.demo)) : null,
  factsOf([
    [KEYS.serial, ring.serial],
    [KEYS.madeOn, dayOf(ring.made_on)],
    [KEYS.notAfter, dayOf(ring.not_after)],
    // Computed here from the hash, as it is on every other screen.
    [KEYS.words, wordRows(ring.hash, LIST).flatMap((row) => [h("br"), row]).slice(1)],
  ]),
  h("p", { class: "desk-quiet" }, KEYS.compare),
  listTable(
    KEYS.caption,
    KEYS.columns,
    ring.entries.map(({ name, key, since }) => [foreign(name), h("code", {}, key), dayOf(since)]),
  ),
  ring.older ? waiting(desk, ring.older) : h("p", {}, KEYS.none),
];

const waiting = (desk, older) =>
  notice(
    "warning",
    KEYS.older(older),
    h("p", {}, h("a", { href: desk.accessAddress() }, KEYS.access)),
  );
