// A colleague's first time: a one-time code, and a password of their own.
import { h } from "./page_parts/dom.js";
import { ACCOUNT, FIRST_TIME, LOGIN } from "./login_words.js";
import { entry, passwordEntry, sheet } from "./page_parts/sheet.js";

export function firstTimeView(door) {
  const username = entry("username", LOGIN.username, LOGIN.noUsername, {
    autocomplete: "username",
    maxlength: 150,
  });
  const code = entry("code", FIRST_TIME.code, FIRST_TIME.noCode, {
    hint: FIRST_TIME.codeHint,
    autocomplete: "one-time-code",
    maxlength: 40,
  });
  const password = passwordEntry("password", FIRST_TIME.password, ACCOUNT.noNew, {
    hint: ACCOUNT.newHint,
    autocomplete: "new-password",
    maxlength: 1000,
  });
  const form = sheet([username, code, password], FIRST_TIME.submit, async (values) => {
    const answer = await door.server.post("api/ny/", {
      username: values.username.trim(),
      code: values.code.trim(),
      password: values.password,
    });
    if (answer.step === "enrol") door.enrol();
    else door.goOn();
  });
  return {
    title: FIRST_TIME.heading,
    focused: username.control,
    elements: [
      h(
        "div",
        { class: "desk-narrow" },
        h("h1", {}, FIRST_TIME.heading),
        h("p", { class: "lead" }, FIRST_TIME.lead),
        form,
        h(
          "p",
          { class: "desk-quiet" },
          `${FIRST_TIME.has} `,
          h("a", { href: `${door.home}logga-in/` }, FIRST_TIME.hasLink),
        ),
      ),
    ],
  };
}
