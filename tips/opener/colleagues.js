// Those who may log in: the list, a new colleague, and one whose account is closed.
import { inItsForm } from "./answer_forms.js";
import { button, h } from "./dom.js";
import { alarm } from "./forms.js";
import { PEOPLE } from "./login_words.js";
import { day, of, row, rows } from "./rows.js";
import { acting, entry, reason, sheet } from "./sheet.js";

export function colleaguesView(door) {
  const list = h("div", {});
  const place = h("div", { class: "desk-narrow" });
  const renew = ({ people }) => list.replaceChildren(listOf(door, people, renew));
  place.append(...addingOf(door, place, renew));
  return {
    title: PEOPLE.heading,
    elements: [
      h("h1", {}, PEOPLE.heading),
      h("p", { class: "lead desk-narrow" }, PEOPLE.lead),
      list,
      place,
    ],
    async begin() {
      try {
        renew(await door.server.get("api/personer/"));
      } catch (error) {
        list.replaceChildren(alarm("danger", null, h("p", {}, reason(error))));
      }
    },
  };
}

const listOf = (door, people, renew) =>
  rows(
    people.map((person) => {
      const { username, name, made_on, enrolled_by: by, is_locked } = person;
      const isOwn = username === door.account.user;
      return row(
        [name || username, isOwn ? ` ${PEOPLE.you}` : ""],
        [username, stateOf(person), PEOPLE.added(day(made_on), by)],
        isOwn || is_locked
          ? null
          : button(PEOPLE.close, () => closing(door, person, renew), {}, of(name || username)),
      );
    }),
  );

function stateOf({ is_locked, waits, has_factor }) {
  if (is_locked) return PEOPLE.locked;
  if (waits) return PEOPLE.waits;
  return has_factor ? PEOPLE.withFactor : PEOPLE.without;
}

/** Asks before an account is closed. */
function closing(door, { username, name }, renew) {
  const who = name || username;
  const dialog = h("dialog", { class: "desk-dialog", "aria-labelledby": "stang-konto" });
  dialog.append(
    h("h2", { id: "stang-konto" }, PEOPLE.closing(who)),
    h("p", {}, PEOPLE.closingText(who)),
    acting(
      PEOPLE.closeNow,
      async () => {
        renew(await door.server.post("api/personer/stang/", { username }));
        dialog.close();
        door.say(PEOPLE.closed(who));
      },
      { class: "button" },
    ),
    h(
      "p",
      {},
      button(PEOPLE.cancel, () => dialog.close()),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function addingOf(door, place, renew) {
  const name = entry("name", PEOPLE.name, PEOPLE.noName, { maxlength: 150 });
  const username = entry("username", PEOPLE.username, PEOPLE.noUsername, {
    hint: PEOPLE.usernameHint,
    maxlength: 150,
  });
  const mail = entry("email", PEOPLE.mail, PEOPLE.noMail, {
    hint: PEOPLE.mailHint,
    type: "email",
    maxlength: 254,
  });
  const form = sheet([name, username, mail], PEOPLE.submit, async (values) => {
    const asked = Object.fromEntries(
      Object.entries(values).map(([each, text]) => [each, text.trim()]),
    );
    const { code } = await door.server.post("api/personer/", asked);
    const done = async () => {
      place.replaceChildren(...addingOf(door, place, renew));
      renew(await door.server.get("api/personer/"));
    };
    const told = toldOf(asked, inItsForm("drawn_code", code), door, done);
    place.replaceChildren(told);
    told.querySelector("h2").focus();
  });
  return [h("h2", {}, PEOPLE.add), h("p", {}, PEOPLE.addText), form];
}

/** The code, and what to say to the one who gets it. */
function toldOf({ name, username }, code, door, done) {
  const address = `${location.origin}${door.home}ny/`;
  return h(
    "section",
    { class: "desk-told", "aria-labelledby": "engangskod" },
    h("h2", { id: "engangskod", tabindex: "-1" }, PEOPLE.codeHeading(name)),
    h("p", {}, h("code", { class: "desk-secret" }, code)),
    h("p", {}, PEOPLE.codeText),
    h("p", {}, PEOPLE.tell),
    h(
      "ol",
      { class: "desk-told__steps" },
      [PEOPLE.tellAddress(address), PEOPLE.tellName(username), PEOPLE.tellPassword].map((text) =>
        h("li", {}, text),
      ),
    ),
    h("p", { class: "desk-quiet" }, PEOPLE.again),
    acting(PEOPLE.done, done, { class: "button" }),
  );
}
