// Name and password, and then what is needed beside them.
import { button, h } from "./page_parts/dom.js";
import { alarm, notice } from "./page_parts/forms.js";
import { LOGIN, SECOND } from "./login_words.js";
import { showPasskey, whyNoPasskeys } from "./passkeys.js";
import { acting, entry, passwordEntry, sheet } from "./page_parts/sheet.js";

export function loginView(door, why = "") {
  const username = entry("username", LOGIN.username, LOGIN.noUsername, {
    autocomplete: "username",
    maxlength: 150,
  });
  const password = passwordEntry("password", LOGIN.password, LOGIN.noPassword, {
    autocomplete: "current-password",
    maxlength: 1000,
  });
  const form = sheet([username, password], LOGIN.submit, async (values) => {
    const answer = await door.server.post("api/logga-in/", {
      username: values.username.trim(),
      password: values.password,
    });
    if (answer.step === "second") door.showSecond(answer);
    else if (answer.step === "enrol") door.enrol();
    else door.goOn();
  });
  return {
    title: LOGIN.submit,
    focused: username.control,
    elements: [
      h(
        "div",
        { class: "desk-narrow" },
        h("h1", {}, LOGIN.heading),
        why ? alarm("warning", null, h("p", {}, why)) : whyHere(),
        form,
        h("p", { class: "gate__note" }, LOGIN.about),
        h("p", { class: "gate__note" }, LOGIN.lost),
        h(
          "p",
          { class: "gate__note" },
          `${LOGIN.first} `,
          h("a", { href: `${door.home}ny/` }, LOGIN.firstLink),
        ),
      ),
    ],
  };
}

function whyHere() {
  const query = new URLSearchParams(location.search);
  if (query.get("utloggad") === "1") return said(notice("information", null, LOGIN.loggedOut));
  if (query.get("slut") === "1") {
    return said(notice("warning", LOGIN.ended, h("p", {}, LOGIN.endedHint)));
  }
  return null;
}

function said(box) {
  box.setAttribute("role", "status");
  return box;
}

/** A passkey first, else a code from the app, else one of the codes that were saved. */
export function secondView(door, { ways }) {
  const hindrance = ways.includes("webauthn") ? whyNoPasskeys() : "";
  const answer = async (given) => {
    await door.server.post("api/logga-in/igen/", given);
    door.goOn();
  };
  const passkey =
    ways.includes("webauthn") && !hindrance
      ? acting(
          SECOND.passkey,
          async () => {
            // Each question is answered once.
            const { webauthn } = await door.server.get("api/logga-in/igen/");
            await answer({ way: "webauthn", answer: await showPasskey(webauthn) });
          },
          { class: "button" },
        )
      : null;
  const code = ways.includes("totp")
    ? codeForm("totp", SECOND.code, SECOND.noCode, SECOND.codeHint, answer, {
        inputmode: "numeric",
        autocomplete: "one-time-code",
        maxlength: 7,
      })
    : null;
  const recovery = ways.includes("code")
    ? codeForm("code", SECOND.recovery, SECOND.noRecovery, SECOND.recoveryHint, answer, {
        maxlength: 40,
      })
    : null;
  const isLast = !passkey && !code;
  return {
    title: SECOND.heading,
    focused: passkey?.querySelector("button") ?? code?.querySelector("input") ?? null,
    elements: [
      h(
        "div",
        { class: "desk-narrow" },
        h("h1", {}, SECOND.heading),
        h("p", { class: "lead" }, SECOND.lead),
        hindrance ? notice("warning", null, h("p", {}, hindrance)) : null,
        passkey,
        passkey && code ? h("h2", {}, SECOND.orCode) : null,
        code,
        recovery && isLast ? recovery : null,
        recovery && !isLast
          ? h("details", { class: "desk-more" }, h("summary", {}, SECOND.lost), recovery)
          : null,
        passkey || code || recovery ? null : notice("danger", null, h("p", {}, SECOND.noWay)),
        h("p", {}, button(SECOND.back, () => startAgain(door))),
      ),
    ],
  };
}

function codeForm(way, label, missing, hint, answer, attributes) {
  const code = entry("code", label, missing, { hint, ...attributes });
  return sheet([code], SECOND.submit, ({ code: text }) =>
    answer({ way, code: text.replace(/\s/g, "") }),
  );
}

async function startAgain(door) {
  try {
    await door.server.post("api/logga-ut/");
  } catch {
    // Half a login opens nothing, and ends by itself.
  }
  door.show(loginView(door));
}
