// Lists that the server answers page by page: the table, and the way to the other pages.
import { written } from "../words/dates.js";
import { h, uniqueId } from "./dom.js";
import { LISTS } from "../words/view_words.js";

/** A table, in a narrow window a list of rows; the cells in the column `heads` name them. Styles hide the roles. */
export function listTable(caption, columns, rows, heads = 0) {
  const id = uniqueId("lista");
  const cell = (content, column) =>
    column === heads
      ? h("th", { scope: "row", role: "rowheader", "data-name": columns[column] }, content)
      : h("td", { role: "cell", "data-name": columns[column] }, content);
  return h(
    "div",
    { class: "table table--in-rows", role: "region", "aria-labelledby": id, tabindex: "0" },
    h(
      "table",
      { role: "table" },
      h("caption", { class: "table__caption", id }, caption),
      h(
        "thead",
        { role: "rowgroup" },
        h("tr", { role: "row" }, columns.map((name) => h("th", { scope: "col", role: "columnheader" }, name))),
      ),
      h("tbody", { role: "rowgroup" }, rows.map((row) => h("tr", { role: "row" }, row.map(cell)))),
    ),
  );
}

/** What each of them is shown as; without any, words that say so. */
export const orNone = (rows, none, part) =>
  rows.length ? rows.map(part) : [h("p", { class: "empty" }, none)];

export const dayOf = (text) => h("time", { datetime: text }, written(text));

/** Which page the address asks for, as the server is asked for it. */
export function pageAsked() {
  const number = new URLSearchParams(location.search).get("sida");
  return number ? `?${new URLSearchParams({ sida: number })}` : "";
}

/** The way to the other pages; nothing where there is one alone. */
export function pager({ number, count }) {
  if (count < 2) return null;
  const link = (rel, to, words) => h("a", { rel, href: `?sida=${to}` }, words);
  return h(
    "nav",
    { class: "desk-form__actions", "aria-label": LISTS.pages },
    number > 1 ? link("prev", number - 1, LISTS.previous) : null,
    h("span", {}, LISTS.page(number, count)),
    number < count ? link("next", number + 1, LISTS.next) : null,
  );
}

/** Facts by their names; those without a value are left out. */
export const factsOf = (facts) =>
  h(
    "dl",
    { class: "desk-facts" },
    facts
      .filter(([, value]) => value !== "")
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
