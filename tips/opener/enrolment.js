// Adds a passkey or an app: before one comes in, or on the page of one's own account.
import { button, h } from "./page_parts/dom.js";
import { notice } from "./page_parts/forms.js";
import { ENROL } from "./login_words.js";
import { makePasskey, whyNoPasskeys } from "./passkeys.js";
import { qrCode } from "./qr.js";
import { acting, entry, sheet } from "./page_parts/sheet.js";
import { Unreachable } from "./page_parts/server.js";

/** What must be done before the account comes in. */
export function enrolmentView(door) {
  return {
    title: ENROL.heading,
    elements: [
      h(
        "div",
        { class: "desk-narrow" },
        h("h1", {}, ENROL.heading),
        h("p", { class: "lead" }, ENROL.lead),
        addingParts(door, () => door.goOn()),
      ),
    ],
  };
}

/** The two ways that can be added; `added(answer)` comes after the codes have been saved. */
export function addingParts(door, added) {
  const take = (answer) => {
    door.account = answer;
    if (Array.isArray(answer.codes)) door.showCodes(answer.codes, () => added(answer));
    else added(answer);
  };
  return [passkeyPart(door, take), appPart(door, take)];
}

function passkeyPart(door, take) {
  const hindrance = whyNoPasskeys();
  const label = labelEntry(ENROL.passkeyLabel);
  const form = sheet([label], ENROL.makePasskey, async (values) => {
    const options = await door.server.get("api/konto/nyckel/");
    const answer = await makePasskey(options);
    take(await door.server.post("api/konto/nyckel/", { label: values.label.trim(), answer }));
  });
  return h(
    "section",
    { class: "desk-way", "aria-labelledby": "lagg-till-nyckel" },
    h("h2", { id: "lagg-till-nyckel" }, ENROL.passkey),
    h("p", {}, ENROL.passkeyText),
    hindrance ? notice("warning", null, h("p", {}, hindrance)) : form,
  );
}

function appPart(door, take) {
  const place = h("div", {});
  const first = () =>
    place.replaceChildren(
      acting(ENROL.makeApp, async () => {
        const { secret, uri } = await door.server.get("api/konto/totp/");
        if (!/^otpauth:\/\/totp\//.test(uri) || !/^[A-Z2-7]+=*$/.test(secret)) {
          throw new Unreachable("no key for an app");
        }
        place.replaceChildren(...second(secret, uri));
        place.querySelector("h3").focus();
      }),
    );
  const second = (secret, uri) => {
    const code = entry("code", ENROL.confirm, ENROL.noCode, {
      inputmode: "numeric",
      autocomplete: "one-time-code",
      maxlength: 7,
    });
    const label = labelEntry(ENROL.appLabel);
    return [
      h("h3", { tabindex: "-1" }, ENROL.scan),
      qrCode(uri, ENROL.qr),
      h(
        "dl",
        { class: "desk-facts" },
        h(
          "div",
          {},
          h("dt", {}, ENROL.secret),
          h("dd", {}, h("code", { class: "desk-secret" }, inFours(secret))),
        ),
      ),
      h("p", {}, h("a", { href: uri }, ENROL.openApp)),
      sheet(
        [label, code],
        ENROL.confirmSubmit,
        async (values) =>
          take(
            await door.server.post("api/konto/totp/", {
              code: values.code.replace(/\s/g, ""),
              label: values.label.trim(),
            }),
          ),
        { beside: button(ENROL.cancel, first) },
      ),
    ];
  };
  first();
  return h(
    "section",
    { class: "desk-way", "aria-labelledby": "lagg-till-app" },
    h("h2", { id: "lagg-till-app" }, ENROL.app),
    h("p", {}, ENROL.appText),
    place,
  );
}

const labelEntry = (value) =>
  entry("label", ENROL.label, ENROL.noLabel, { hint: ENROL.labelHint, value, maxlength: 60 });

const inFours = (secret) => secret.match(/.{1,4}/g).join(" ");
