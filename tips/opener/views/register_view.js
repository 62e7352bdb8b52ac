// The register: every tip of a period, to be read or to be kept as a table.
import { inItsForm } from "../words/answer_forms.js";
import { today } from "../words/dates.js";
import { h, save } from "../page_parts/dom.js";
import { field, quiet } from "../page_parts/forms.js";
import { labelOf } from "../words/labels.js";
import { dayOf, listTable } from "../page_parts/lists.js";
import { pageView } from "../page_parts/page_view.js";
import { acting } from "../page_parts/sheet.js";
import { REGISTER } from "../words/view_words.js";

const PERIOD = ["fran", "till"];

export const registerView = (desk) =>
  pageView(desk, {
    heading: REGISTER.heading,
    lead: REGISTER.lead,
    ask: () => desk.api.shown(`register/${periodAsked()}`),
    show: ({ rows }) => [periodForm(desk, rows.length), listed(rows)],
  });

/** The days that the address asks for, as the server is asked for them. */
function periodAsked() {
  const query = new URLSearchParams(location.search);
  const given = PERIOD.filter((name) => query.get(name)).map((name) => [name, query.get(name)]);
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

function periodForm(desk, count) {
  const asked = new URLSearchParams(periodAsked());
  const days = [REGISTER.from, REGISTER.to].map((label, n) => {
    const control = h("input", quiet({ type: "date", name: PERIOD[n] }));
    control.value = asked.get(PERIOD[n]) ?? "";
    return field(label, control);
  });
  const form = h(
    "form",
    { class: "desk-form", novalidate: true, autocomplete: "off" },
    days.map(({ element }) => element),
    h(
      "div",
      { class: "desk-form__actions" },
      h("button", { type: "submit", class: "button button--quiet" }, REGISTER.show),
      count
        ? acting(REGISTER.download, () => download(desk, periodAsked()), { class: "button" })
        : null,
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // A day that is half written is no value, and would pass for none.
    for (const { control, fault } of days) fault(control.validity.badInput ? REGISTER.notADay : "");
    const wrong = days.find(({ control }) => control.validity.badInput);
    if (wrong) {
      wrong.control.focus();
      return;
    }
    const given = days.filter(({ control }) => control.value);
    const query = new URLSearchParams(given.map(({ control: { name, value } }) => [name, value]));
    desk.go(`${location.pathname}${given.length ? `?${query}` : ""}`);
  });
  return form;
}

async function download(desk, period) {
  const octets = await desk.api.register(period);
  save(octets, `register-${today()}.csv`);
  desk.say(REGISTER.saved);
}

const cells = ([on, reference, state, number]) => [
  dayOf(on),
  inItsForm("reference", reference),
  state && labelOf("state", state),
  inItsForm("register_no", number),
];

const listed = (rows) =>
  rows.length
    ? listTable(REGISTER.tips(rows.length), REGISTER.columns, rows.map(cells), 1)
    : h("p", { class: "empty" }, REGISTER.none);
