// The row above the desk's pages: who is logged in, the way out, and the menu. It is there with an open key alone.
import { button, h } from "./dom.js";
import { FRAME } from "../words/view_words.js";

/** The elements of the row; `named(name)` says who is logged in, and without a name there is no row. */
export function deskFrame({ home, lock }) {
  const who = h("strong", {});
  const link = ([to, label]) =>
    h("li", {}, h("a", { class: "desk-menu__link", href: home + to }, label));
  const elements = [
    h(
      "div",
      { class: "desk-frame__user", hidden: true },
      h("span", { class: "desk-frame__who" }, `${FRAME.loggedIn} `, who),
      button(FRAME.lock, lock, { class: "desk-frame__button" }),
    ),
    h(
      "nav",
      { class: "desk-menu", "aria-label": FRAME.menu, hidden: true },
      h("ul", { class: "desk-menu__list" }, Object.entries(FRAME.pages).map(link)),
    ),
  ];
  return {
    elements,
    named(name) {
      who.textContent = name;
      for (const element of elements) element.hidden = !name;
    },
  };
}
