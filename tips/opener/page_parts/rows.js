// Lists of what somebody has: its name, what is known of it, and what can be done.
import { h } from "./dom.js";

export const rows = (all) => h("ul", { class: "desk-rows" }, all);

export const row = (name, facts, act = null) =>
  h(
    "li",
    { class: "desk-rows__row" },
    h(
      "div",
      {},
      h("p", { class: "desk-rows__name" }, name),
      h("p", { class: "desk-quiet" }, facts.filter(Boolean).join(" · ")),
    ),
    act,
  );

/** What a button is for, to those who hear it alone. */
export const of = (name) => h("span", { class: "desk-unseen" }, ` (${name})`);
