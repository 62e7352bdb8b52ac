// One's own account: how one shows who one is, the password, and where one is logged in.
import { h } from "./page_parts/dom.js";
import { addingParts } from "./enrolment.js";
import { ACCOUNT, ENROL, FRAME } from "./login_words.js";
import { day, moment, of, row, rows } from "./rows.js";
import { acting, passwordEntry, sheet, whose } from "./page_parts/sheet.js";

export function accountView(door) {
  const place = h("div", {});
  /** Shows the account as the server now says that it is. */
  const renew = (account, said = "") => {
    door.account = account;
    place.replaceChildren(...sections(door, renew));
    if (said) door.say(said);
    return account;
  };
  renew(door.account);
  return {
    title: ACCOUNT.heading,
    elements: [
      h(
        "div",
        { class: "desk-narrow desk-account" },
        h("h1", {}, ACCOUNT.heading),
        h("p", { class: "lead" }, door.account.name || door.account.user),
        place,
        h("p", {}, acting(FRAME.logOut, () => door.logOut())),
      ),
    ],
  };
}

const sections = (door, renew) => [
  section("satt", ACCOUNT.ways, waysOf(door, renew)),
  section("koder", ACCOUNT.codes, codesOf(door, renew)),
  section("losenord", ACCOUNT.password, passwordOf(door)),
  section("inloggningar", ACCOUNT.sessions, sessionsOf(door, renew)),
];

const section = (id, heading, ...content) =>
  h("section", { "aria-labelledby": id }, h("h2", { id, tabindex: "-1" }, heading), content);

/** Acts, shows the account anew, and puts the focus where the list begins. */
const change = (door, renew, path, asked, said, id) => async () => {
  renew(await door.server.post(path, asked), said);
  document.getElementById(id).focus();
};

function waysOf(door, renew) {
  const ways = door.account.authenticators.filter(({ kind }) => kind in ACCOUNT.kinds);
  const adding = h("details", { class: "desk-more" }, h("summary", {}, ENROL.addHeading));
  adding.append(
    ...addingParts(door, (account) => {
      door.show(accountView(door));
      renew(account);
      door.say(ACCOUNT.added);
    }),
  );
  return [
    ways.length
      ? rows(
          ways.map(({ id, kind, label, made_on, used_on }) =>
            row(
              label,
              [
                ACCOUNT.kinds[kind],
                ACCOUNT.made(day(made_on)),
                used_on ? ACCOUNT.used(day(used_on)) : ACCOUNT.unused,
              ],
              acting(
                ACCOUNT.remove,
                change(door, renew, "api/konto/ta-bort/", { id }, ACCOUNT.removed, "satt"),
                {},
                of(label),
              ),
            ),
          ),
        )
      : h("p", {}, ACCOUNT.none),
    adding,
  ];
}

function codesOf(door, renew) {
  const { authenticators, codes_left: left } = door.account;
  const hasWay = authenticators.some(({ kind }) => kind in ACCOUNT.kinds);
  const make = async () => {
    const { codes } = await door.server.post("api/konto/koder/");
    door.showCodes(codes, async () => {
      door.show(accountView(door));
      renew(await door.server.get("api/konto/"));
    });
  };
  return [
    h("p", {}, ACCOUNT.codesLeft(left), hasWay && left ? ` ${ACCOUNT.newCodesHint}` : ""),
    hasWay ? acting(ACCOUNT.newCodes, make) : null,
  ].filter(Boolean);
}

function passwordOf(door) {
  const old = passwordEntry("old", ACCOUNT.old, ACCOUNT.noOld, {
    autocomplete: "current-password",
    maxlength: 1000,
  });
  const chosen = passwordEntry("new", ACCOUNT.new, ACCOUNT.noNew, {
    hint: ACCOUNT.newHint,
    autocomplete: "new-password",
    maxlength: 1000,
  });
  const form = sheet([old, chosen], ACCOUNT.change, async (values) => {
    await door.server.post("api/konto/losenord/", { old: values.old, new: values.new });
    door.say(ACCOUNT.changed);
  });
  form.prepend(whose(door.account.user));
  return form;
}

function sessionsOf(door, renew) {
  const ending = (id, label) =>
    acting(
      ACCOUNT.end,
      change(door, renew, "api/konto/sessioner/", { id }, ACCOUNT.ended, "inloggningar"),
      {},
      of(label),
    );
  return rows(
    door.account.sessions.map(({ id, label, began, seen, is_this }) =>
      row(
        label,
        [is_this && ACCOUNT.this, ACCOUNT.began(moment(began)), ACCOUNT.seen(moment(seen))],
        is_this ? null : ending(id, label),
      ),
    ),
  );
}
