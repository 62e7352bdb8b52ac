// Stopping a handler takes two: what one has signed another sees here, as it was signed, and signs as well.
import { notBelieved } from "../trust/desk_trust.js";
import { STOP_REASONS, halfOf, stopText, stopsOf } from "../trust/stops.js";
import { NotBelieved } from "../trust/trust.js";
import { today } from "../words/dates.js";
import { foreign, h } from "../page_parts/dom.js";
import { field, notice, select } from "../page_parts/forms.js";
import { labelOf } from "../words/labels.js";
import { dayOf, factsOf, orNone } from "../page_parts/lists.js";
import { pageView } from "../page_parts/page_view.js";
import { acting, sheet } from "../page_parts/sheet.js";
import { STOP } from "../words/view_words.js";

export const stopView = (desk) =>
  pageView(desk, {
    heading: STOP.heading,
    lead: STOP.lead,
    isNarrow: true,
    ask: () => desk.api.shown("stopp/"),
    show: ({ stops }, view, stands) => shown(desk, view, stops, stands),
  });

async function shown(desk, view, rows, stands) {
  try {
    const ring = await desk.trust.ring(stands);
    return contents(desk, view, ring, await stopsOf(rows, ring, today()));
  } catch (error) {
    if (error instanceof NotBelieved) return [notBelieved(error)];
    throw error;
  }
}

function contents(desk, view, ring, { stops, areUnfit }) {
  const sign = (text) =>
    view.act(async () => desk.api.stop(await halfOf(text, desk.key, ring)), STOP.signed);
  const second = ({ text, said }) =>
    acting(STOP.second(desk.nameOf(said.handler)), () => sign(text), { class: "button" });
  const isMine = ({ by }) => by.some(({ id }) => id === desk.key.handler);
  const standing = stops.filter(({ isWhole }) => isWhole);
  const waiting = stops.filter(({ isWhole }) => !isWhole);
  const out = [desk.key.handler, ...standing.map(({ said }) => said.handler)];
  const others = ring.entries.filter(({ key, id }) => key && !out.includes(id));
  return [
    areUnfit ? notice("danger", null, h("p", {}, STOP.unfit)) : null,
    h("h2", {}, STOP.waiting),
    ...listed(desk, waiting, STOP.nothing, (stop) =>
      isMine(stop) ? h("p", {}, STOP.isMine) : second(stop),
    ),
    h("h2", {}, STOP.standing),
    ...listed(desk, standing, STOP.nobody, () => null),
    h("h2", {}, STOP.lay),
    others.length < 2
      ? notice("information", null, h("p", {}, STOP.tooFew))
      : firstHalf(others, (chosen) => sign(stopText({ ...chosen, keyring: ring.hash, made_on: today() }))),
  ];
}

function listed(desk, stops, none, acts) {
  return orNone(stops, none, (stop) => {
    const { said, by, lastDay } = stop;
    const name = desk.nameOf(said.handler);
    return h(
      "section",
      { class: "desk-purge", "aria-label": name },
      h("h3", {}, foreign(name), ` (${said.handler})`),
      factsOf([
        [STOP.reason, labelOf("stop", said.reason)],
        [STOP.by, foreign(by.map((each) => each.name).join(", "))],
        [STOP.madeOn, dayOf(said.made_on)],
        [stop.isWhole ? STOP.until : STOP.waitsUntil, dayOf(lastDay)],
      ]),
      acts(stop),
    );
  });
}

function firstHalf(others, sign) {
  const choice = (name, label, options) => ({
    ...field(label, select([{ value: "", label: "" }, ...options], { name })),
    name,
    missing: STOP.choose,
  });
  const people = others.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }));
  const reasons = STOP_REASONS.map((code) => ({ value: code, label: labelOf("stop", code) }));
  return sheet(
    [choice("handler", STOP.who, people), choice("reason", STOP.reason, reasons)],
    STOP.sign,
    sign,
  );
}
