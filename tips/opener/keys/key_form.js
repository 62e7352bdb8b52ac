// The form in which a handler opens the key: its file, and the passphrase if it has one.
import { Key, NeedsPassphrase, WrongKey, isSealed } from "../age/age.js";
import { h, shown } from "../page_parts/dom.js";
import { field, quiet } from "../page_parts/forms.js";
import { KEY } from "../words/texts.js";

const LARGEST = 64 * 1024;

/** A field for a file, and the box in which it stands. */
function fileChoice(label, hint, accept = null) {
  const attributes = { type: "file", accept, class: "desk-field__control desk-field__control--file" };
  const choice = field(label, h("input", attributes), { hint });
  return { ...choice, drop: h("div", { class: "desk-drop" }, choice.element) };
}

/**
 * The form; `opened(key)` is called with the key, unless `lacks(key)` says what is wrong with it. Another file
 * may be asked for `first`: `taken(file)` says what is wrong with that, if anything is.
 */
export function keyForm({ first = null, begun = () => {}, opened, lacks = () => "" }) {
  const firstField = first && fileChoice(first.label, first.hint, first.accept);
  const fileField = fileChoice(KEY.file, KEY.fileHint);
  const file = fileField.control;
  const passphrase = h("input", quiet({ type: "password" }));
  const passphraseField = field(KEY.passphrase, passphrase, { hint: KEY.passphraseHint });
  passphraseField.element.hidden = true;
  const state = h("p", { class: "desk-form__state", role: "status" });
  const submit = h("button", { type: "submit", class: "button" }, KEY.open);

  let isOpening = false;
  const calm = () => [fileField, passphraseField].forEach(({ fault }) => fault(""));
  const blame = ({ fault, control }, words) => {
    fault(words);
    control.focus();
  };
  const octetsIn = async (chosen) => new Uint8Array(await chosen.arrayBuffer());
  file.addEventListener("change", async () => {
    calm();
    const [chosen] = file.files;
    const isLocked = chosen?.size <= LARGEST && isSealed(await octetsIn(chosen));
    passphraseField.element.hidden = !isLocked;
    if (isLocked) passphrase.focus();
    else passphrase.value = "";
  });

  const forget = () => {
    file.value = "";
    passphrase.value = "";
    passphraseField.element.hidden = true;
  };

  const open = async () => {
    if (isOpening) return;
    calm();
    const [chosen] = file.files;
    if (!chosen) return blame(fileField, KEY.noneGiven);
    if (chosen.size > LARGEST) return blame(fileField, KEY.tooLarge);
    const octets = await octetsIn(chosen);
    isOpening = true;
    submit.setAttribute("aria-disabled", "true");
    state.textContent = KEY.opening;
    await shown(); // a passphrase takes a second or two, during which nothing moves
    let key = null;
    let blamed = null;
    try {
      key = await Key.open(octets, passphrase.value);
    } catch (error) {
      blamed = error;
    }
    octets.fill(0);
    const lack = key && lacks(key);
    if (key && !lack) {
      forget();
      await opened(key);
    }
    isOpening = false;
    submit.removeAttribute("aria-disabled");
    state.textContent = "";
    if (lack) blame(fileField, lack);
    if (key) return;
    if (blamed instanceof NeedsPassphrase) {
      passphraseField.element.hidden = false;
      blame(passphraseField, KEY.needsPassphrase);
    } else if (blamed instanceof WrongKey) {
      passphrase.value = "";
      blame(passphraseField, KEY.wrongPassphrase);
    } else {
      blame(fileField, reason(await chosen.text()));
    }
  };

  const isFirstTaken = async () => {
    if (!first) return true;
    const [chosen] = firstField.control.files;
    const wrong = chosen ? await first.taken(chosen) : first.missing;
    if (wrong) blame(firstField, wrong);
    else firstField.fault("");
    return !wrong;
  };
  const element = h(
    "form",
    { class: "desk-form", novalidate: true, autocomplete: "off" },
    firstField?.drop ?? null,
    fileField.drop,
    passphraseField.element,
    h("div", { class: "desk-form__actions" }, submit, state),
  );
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    begun();
    if (await isFirstTaken()) await open();
  });
  return { element, forget, blameFirst: (words) => blame(firstField, words) };
}

/** What is wrong with what was given, in words that say what to do. */
function reason(content) {
  if (/-----BEGIN AGE ENCRYPTED FILE-----|^age-encryption\.org\/v1/.test(content)) {
    return KEY.damaged;
  }
  if (/^\s*age1/m.test(content) && !/AGE-SECRET-KEY/.test(content)) return KEY.isPublic;
  if (/AGE-SECRET-KEY/.test(content)) return KEY.damaged;
  return KEY.notAKey;
}
