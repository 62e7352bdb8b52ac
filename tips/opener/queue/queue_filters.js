// What the queue is filtered, searched and sorted by.
import { button, h } from "../page_parts/dom.js";
import { checkbox, field, quiet, select } from "../page_parts/forms.js";
import { labelOf } from "../words/labels.js";
import { QUEUE, SEARCH, SHORT_SUBJECTS } from "../words/texts.js";

/** Buttons with the number of tips in each state, and the filters; `recount()` when rows come. */
export function filterBar(desk, rows, changed, again) {
  const { wishes, queue } = desk;
  const states = ["", ...queue.states].map((name) => {
    const number = h("span", { class: "desk-states__number" });
    const choose = () => {
      wishes.state = name;
      for (const state of states) state.press();
      changed();
    };
    const label = name ? labelOf("state", name) : QUEUE.all;
    const element = button(label, choose, { class: "desk-states__state" }, " ", number);
    const isChosen = () => (wishes.state ?? "") === name;
    return {
      element,
      press: () => element.setAttribute("aria-pressed", String(isChosen())),
      recount() {
        const count = name ? rows.filter(({ tip }) => tip.state === name).length : rows.length;
        number.textContent = String(count);
        element.hidden = Boolean(name) && !count && !isChosen();
      },
    };
  });
  for (const state of states) state.press();
  const wish = (name, control, event, value) => {
    control.addEventListener(event, () => {
      wishes[name] = value();
      changed();
    });
    return control;
  };
  const choice = (name, options) => {
    const control = select(options);
    control.value = wishes[name] ?? "";
    return wish(name, control, "change", () => control.value);
  };
  const subject = choice("subject", [
    { value: "", label: QUEUE.everySubject },
    ...Object.entries(SHORT_SUBJECTS).map(([value, label]) => ({ value, label })),
  ]);
  const handler = choice("handler", [
    { value: "", label: QUEUE.everybody },
    { value: "mine", label: QUEUE.mine },
    { value: "none", label: QUEUE.unassigned },
  ]);
  const sort = select(Object.entries(QUEUE.orders).map(([value, label]) => ({ value, label })));
  sort.value = wishes.sort ?? "urgent";
  wish("sort", sort, "change", () => sort.value);
  const search = h("input", quiet({ type: "search" }));
  search.value = wishes.search ?? "";
  wish("search", search, "input", () => search.value);
  const searchField = field(QUEUE.search, search, { hint: SEARCH.hint(desk.texts.size) }).element;
  const urgent = checkbox(QUEUE.onlyUrgent);
  urgent.control.checked = Boolean(wishes.urgent);
  wish("urgent", urgent.control, "change", () => urgent.control.checked);
  const closed = checkbox(QUEUE.withClosed, { "data-focus": "closed" });
  closed.control.checked = Boolean(wishes.withClosed);
  closed.control.addEventListener("change", () => {
    wishes.withClosed = closed.control.checked;
    if (!wishes.withClosed) delete wishes.state;
    again("closed");
  });
  const isWide = matchMedia("(min-width: 48rem)").matches;
  return {
    recount() {
      for (const state of states) state.recount();
      searchField.querySelector(".desk-field__hint").textContent = SEARCH.hint(desk.texts.size);
    },
    elements: [
      h("div", { class: "desk-states", role: "group", "aria-label": QUEUE.state }, states.map(({ element }) => element)),
      h(
        "details",
        { class: "desk-filters-box", open: isWide || Object.values(wishes).some(Boolean) },
        h("summary", { class: "desk-filters-box__button" }, QUEUE.filter),
        h(
          "div",
          { class: "desk-filters" },
          searchField,
          field(QUEUE.subject, subject).element,
          field(QUEUE.handler, handler).element,
          field(QUEUE.sort, sort).element,
          h("div", { class: "desk-filters__checks" }, urgent.element, closed.element),
        ),
        desk.wholeTexts.element,
      ),
    ],
  };
}
