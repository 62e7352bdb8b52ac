// What editors want the tip page to say, beside what it says, and the answer to them.
import { written } from "./dates.js";
import { h } from "./dom.js";
import { notice } from "./forms.js";
import { labelOf } from "./labels.js";
import { pageView } from "./page_view.js";
import { of } from "./rows.js";
import { acting } from "./sheet.js";
import { TIP_PAGE } from "./view_words.js";

export const textsView = (desk) =>
  pageView(desk, {
    heading: TIP_PAGE.heading,
    lead: TIP_PAGE.lead,
    ask: () => desk.api.shown("texter/"),
    show: ({ languages }, view) => languages.map((language) => languagePart(desk, view, language)),
  });

function languagePart(desk, view, language) {
  const { code, approved_on: on, wanted, rows } = language;
  const id = `sprak-${code}`;
  return h(
    "section",
    { class: "desk-texts", "aria-labelledby": id },
    h("h2", { id }, labelOf("language", code)),
    h(
      "p",
      {},
      on ? TIP_PAGE.approvedOn(written(on)) : TIP_PAGE.builtIn,
      wanted ? [] : ` ${TIP_PAGE.nothing}`,
    ),
    wanted ? whatWaits(wanted) : [],
    rows.map((row) => beside(row, code, wanted)),
    wanted ? answering(desk, view, language) : [],
  );
}

const whatWaits = ({ refused_by: by, refused_on: on, is_withdrawn: isWithdrawn }) => [
  by
    ? notice("warning", null, h("p", {}, TIP_PAGE.refused(by, written(on))))
    : notice("information", null, h("p", {}, TIP_PAGE.waits)),
  isWithdrawn ? h("p", {}, TIP_PAGE.withdrawn) : [],
];

function beside({ key, differ, shown, wanted }, lang, isWanted) {
  const column = (state, text, mark) =>
    h(
      "div",
      {},
      state ? h("h4", { class: "desk-texts__state" }, state) : [],
      h(
        "p",
        { class: "desk-texts__words", lang },
        text.map((words) => (words.differ ? h(mark, {}, words.text) : words.text)),
      ),
    );
  return h(
    "div",
    { class: "desk-texts__row" },
    h("h3", { class: "desk-texts__label" }, labelOf("text", key)),
    differ
      ? [column(TIP_PAGE.now, shown, "del"), column(TIP_PAGE.then, wanted, "ins")]
      : column(isWanted ? TIP_PAGE.unchanged : "", shown),
  );
}

function answering(desk, view, { code, wanted }) {
  const { digest, can_be_shown: canBeShown, faults, refused_by: refusedBy } = wanted;
  const answer = (step, label, said, attributes) =>
    acting(
      label,
      () => view.act(() => desk.api.act("texter/", { step, language: code, digest }), said),
      attributes,
      of(labelOf("language", code)),
    );
  return [
    canBeShown
      ? []
      : notice(
          "danger",
          TIP_PAGE.unfit,
          h(
            "ul",
            {},
            faults.map(([key, kind]) => h("li", {}, `${labelOf("text", key)}: ${labelOf("fault", kind)}`)),
          ),
        ),
    h(
      "div",
      { class: "desk-form__actions" },
      canBeShown
        ? answer("approve", TIP_PAGE.approve, TIP_PAGE.approved, { class: "button" })
        : [],
      refusedBy ? [] : answer("refuse", TIP_PAGE.refuse, TIP_PAGE.saidNo),
    ),
  ];
}
