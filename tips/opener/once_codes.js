// Recovery codes, shown once.
import { inItsForm } from "./words/answer_forms.js";
import { button, h } from "./page_parts/dom.js";
import { CODES } from "./login_words.js";
import { today, written } from "./words/dates.js";

export function codesView(codes, account, saved) {
  const who = account?.name || account?.user || "";
  return {
    title: CODES.heading,
    elements: [
      h(
        "div",
        { class: "desk-narrow" },
        h("h1", {}, CODES.heading),
        h("p", { class: "lead" }, CODES.lead),
        h("p", { class: "desk-codes__for" }, CODES.printed(who, written(today()))),
        h(
          "ol",
          { class: "desk-codes", "aria-label": CODES.list },
          codes.map((code) => h("li", {}, h("code", {}, inItsForm("drawn_code", code)))),
        ),
        h("p", {}, CODES.where),
        h(
          "div",
          { class: "desk-form__actions" },
          h("button", { type: "button", class: "button", on: { click: saved } }, CODES.saved),
          button(CODES.print, () => print()),
        ),
      ),
    ],
  };
}
