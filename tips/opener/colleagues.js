// Those who may log in.
import { h } from "./dom.js";
import { alarm } from "./forms.js";
import { PEOPLE } from "./login_words.js";
import { day, row, rows } from "./rows.js";
import { reason } from "./sheet.js";

export function colleaguesView(door) {
  const list = h("div", {});
  return {
    title: PEOPLE.heading,
    elements: [
      h("h1", {}, PEOPLE.heading),
      h("p", { class: "lead desk-narrow" }, PEOPLE.lead),
      list,
      h("h2", {}, PEOPLE.others),
      h("p", { class: "desk-narrow" }, PEOPLE.othersText),
    ],
    async begin() {
      try {
        const { people } = await door.server.get("api/personer/");
        list.replaceChildren(listOf(door, people));
      } catch (error) {
        list.replaceChildren(alarm("danger", null, h("p", {}, reason(error))));
      }
    },
  };
}

const listOf = (door, people) =>
  rows(
    people.map((person) => {
      const { username, name, made_on, enrolled_by: by } = person;
      const isOwn = username === door.account.user;
      return row(
        [name || username, isOwn ? ` ${PEOPLE.you}` : ""],
        [username, stateOf(person), PEOPLE.added(day(made_on), by)],
      );
    }),
  );

function stateOf({ is_locked, waits, has_factor }) {
  if (is_locked) return PEOPLE.locked;
  if (waits) return PEOPLE.waits;
  return has_factor ? PEOPLE.withFactor : PEOPLE.without;
}
