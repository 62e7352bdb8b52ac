// A note as it is shown: by what it proves, in the desk and in the one file alike.
import { written } from "../words/dates.js";
import { foreign, h } from "../page_parts/dom.js";
import { notice } from "../page_parts/forms.js";
import { COMMON, NOTES } from "../words/texts.js";

export function noteItem({ standing, name, ...why }, { note: { said }, on }) {
  const when = h("time", { class: "desk-quiet", datetime: on }, written(said?.written || on));
  const about = (...parts) => h("p", { class: "desk-notes__about" }, parts);
  const item = (...parts) => h("li", { class: "desk-notes__note" }, parts);
  if (standing === "whole") {
    return item(about(h("strong", {}, name), " ", when), foreign(said.text, "div"));
  }
  if (standing === "closed") {
    return item(about(when), h("p", { class: "desk-table__fault" }, COMMON.wrongKey, " ", NOTES.closed));
  }
  return item(notice("danger", NOTES.untrue, faultList(why), about(when), folded(said)));
}

const faultList = ({ faults, missing: [count, first] = [] }) =>
  h(
    "ul",
    {},
    faults.map((fault) => {
      const words = fault === "missing" ? NOTES.missing(count, first) : NOTES.faults[fault];
      return h("li", {}, words);
    }),
  );

const folded = (said) =>
  said
    ? h(
        "details",
        { class: "desk-more" },
        h("summary", {}, NOTES.unfold),
        foreign(said.text, "div"),
      )
    : null;
