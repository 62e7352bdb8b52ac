// How one comes in: the key is opened here, and proves itself to the server; where the keyring says so, a passkey too.
import { h } from "../page_parts/dom.js";
import { alarm, notice } from "../page_parts/forms.js";
import { acting, reason } from "../page_parts/sheet.js";
import { credentialsOf, logIn } from "./log_in.js";
import { keyForm } from "./key_form.js";
import { whyNoPasskeys } from "./passkeys.js";
import { LOGIN } from "../words/key_words.js";
import { KEY } from "../words/texts.js";

/** `why` tells those who were logged out by somebody else than themselves. */
export function keyView(desk, why) {
  const told = why.filter(Boolean).map((text) => h("p", {}, text));
  const said = h("div", {}, told.length ? alarm("warning", null, told) : null);
  const form = keyForm({ begun: () => said.replaceChildren(), opened: open, lacks: lackOf });
  const place = h(
    "div",
    { class: "desk-narrow desk-spaced" },
    h("h1", {}, KEY.heading),
    h("p", { class: "lead" }, KEY.lead),
    said,
    form.element,
    h("p", { class: "desk-quiet" }, LOGIN.about),
    h("p", { class: "desk-quiet" }, `${LOGIN.noPasskey} `, keyPageLink(desk)),
  );
  let waiting = null; // a key that is open, and has not come in
  const view = {
    title: KEY.heading,
    elements: [place],
    leave() {
      form.forget();
      forget();
    },
  };
  const forget = () => {
    waiting?.signing.forget();
    waiting = null;
  };

  async function open(key) {
    waiting = key;
    try {
      await desk.left; // else its answer would take the new session's cookie away
      const credentials = await credentialsOf(desk.api, key.handler);
      if (credentials.length) showSecond(key, credentials);
      else await comeIn(key, credentials);
    } catch (error) {
      forget();
      const box = alarm("danger", null, h("p", {}, reason(error)));
      said.replaceChildren(box);
      box.focus();
    }
  }

  async function comeIn(key, credentials) {
    await logIn(desk.api, key, credentials);
    if (!desk.isShowing(view) || waiting !== key) return;
    waiting = null; // it is the desk's from now on
    await desk.enter(key);
  }

  function showSecond(key, credentials) {
    const hindrance = whyNoPasskeys();
    const ask = acting(LOGIN.showPasskey, () => comeIn(key, credentials), { class: "button" });
    place.replaceChildren(
      h("h1", {}, LOGIN.second),
      h("p", { class: "lead" }, LOGIN.secondLead),
      hindrance ? notice("warning", null, h("p", {}, hindrance)) : ask,
      h("p", {}, h("a", { href: location.href }, LOGIN.back)),
    );
    desk.entitle(LOGIN.second);
    if (hindrance) desk.focusHeading();
    else ask.querySelector("button").focus();
  }

  return view;
}

/** Who was made before handlers logged in by their keys can open tips, but not come in. */
const lackOf = ({ handler, signing }) => (handler && signing ? "" : LOGIN.olderKind);

const keyPageLink = ({ home }) => h("a", { href: `${home}nyckel/` }, LOGIN.keyPage);
