// The row above the desk's pages: who is logged in, the way out, and the menu.
import { h } from "./dom.js";
import { FRAME } from "../login_words.js";
import { COMMON } from "../words/texts.js";

/**
 * The elements of the row; `named(name)` says who is logged in. `leaves(page)` tells whether a page is
 * another document, which must not take the place of this one; `before` stands before the name.
 */
export function deskFrame({ home, page, logOut, leaves = () => false, before = null }) {
  const link = (to, className, ...words) =>
    h(
      "a",
      {
        class: className,
        href: home + to,
        "aria-current": to === page ? "page" : null,
        ...(leaves(to) && { target: "_blank", rel: "noopener" }),
      },
      words,
      leaves(to)
        ? [
            " ",
            h("span", { "aria-hidden": "true" }, "↗"),
            " ",
            h("span", { class: "desk-unseen" }, COMMON.newTab),
          ]
        : null,
    );
  let said = "";
  const who = h("span", { class: "desk-frame__who", hidden: true });
  return {
    elements: [
      h(
        "div",
        { class: "desk-frame__user" },
        before,
        who,
        h(
          "button",
          { type: "button", class: "desk-frame__button", on: { click: logOut } },
          FRAME.logOut,
        ),
      ),
      h(
        "nav",
        { class: "desk-menu", "aria-label": FRAME.menu },
        h(
          "ul",
          { class: "desk-menu__list" },
          Object.entries(FRAME.pages).map(([to, label]) =>
            h("li", {}, link(to, "desk-menu__link", label)),
          ),
        ),
      ),
    ],
    named(name) {
      if (name === said) return; // whoever stands on the link stays there
      said = name;
      who.replaceChildren(`${FRAME.loggedIn} `, link("konto/", null, name));
      who.hidden = false;
    },
  };
}
