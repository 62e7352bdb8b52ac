// The form in which a handler opens the key: a file or its text, and the passphrase if it has one.
import { Key, NeedsPassphrase, WrongKey, isSealed } from "../age/age.js";
import { h, shown } from "../page_parts/dom.js";
import { field, quiet } from "../page_parts/forms.js";
import { KEY } from "../words/texts.js";

const LARGEST = 64 * 1024;

/**
 * The form's fields and what `submit` does with them; `opened(key)` is called with the key, unless
 * `lacks(key)` says what is wrong with it.
 */
export function keyFields(opened, lacks = () => "") {
  const file = h("input", { type: "file", class: "desk-field__control desk-field__control--file" });
  const fileField = field(KEY.file, file, { hint: KEY.fileHint });
  const text = h(
    "textarea",
    quiet({ rows: 4, class: "desk-field__control desk-field__control--key" }),
  );
  const textField = field(KEY.pasted, text, { hint: KEY.pastedHint });
  const paste = h(
    "details",
    { class: "desk-more" },
    h("summary", {}, KEY.paste),
    textField.element,
  );
  const passphrase = h("input", quiet({ type: "password" }));
  const passphraseField = field(KEY.passphrase, passphrase, { hint: KEY.passphraseHint });
  passphraseField.element.hidden = true;
  const state = h("p", { class: "desk-form__state", role: "status" });
  const submit = h("button", { type: "submit", class: "button" }, KEY.open);
  const drop = h("div", { class: "desk-drop" }, fileField.element);

  let isOpening = false;
  const calm = () => [fileField, textField, passphraseField].forEach(({ fault }) => fault(""));
  const blame = ({ fault, control }, words) => {
    fault(words);
    control.focus();
  };
  /** The field that the octets come from, and the octets; nothing where there are none. */
  const given = async () => {
    const chosen = file.files[0];
    if (chosen) {
      if (chosen.size > LARGEST) return blame(fileField, KEY.tooLarge);
      return { from: fileField, octets: new Uint8Array(await chosen.arrayBuffer()) };
    }
    if (!text.value.trim()) return blame(fileField, KEY.noneGiven);
    paste.open = true;
    return { from: textField, octets: new TextEncoder().encode(text.value.trim()) };
  };
  const askPassphrase = async () => {
    const source = file.files[0];
    const octets = source
      ? source.size <= LARGEST && new Uint8Array(await source.arrayBuffer())
      : new TextEncoder().encode(text.value.trim());
    passphraseField.element.hidden = !octets || !isSealed(octets);
    if (passphraseField.element.hidden) passphrase.value = "";
  };
  file.addEventListener("change", async () => {
    calm();
    await askPassphrase();
    if (!passphraseField.element.hidden) passphrase.focus();
  });
  text.addEventListener("input", askPassphrase);

  for (const type of ["dragover", "dragenter"]) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.add("desk-drop--over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("desk-drop--over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("desk-drop--over");
    if (!event.dataTransfer.files.length) return;
    file.files = event.dataTransfer.files;
    file.dispatchEvent(new Event("change"));
  });

  const forget = () => {
    file.value = "";
    text.value = "";
    passphrase.value = "";
    passphraseField.element.hidden = true;
  };

  const open = async () => {
    if (isOpening) return;
    calm();
    const source = await given();
    if (!source) return;
    isOpening = true;
    submit.setAttribute("aria-disabled", "true");
    state.textContent = KEY.opening;
    await shown(); // a passphrase takes a second or two, during which nothing moves
    let key = null;
    let blamed = null;
    try {
      key = await Key.open(source.octets, passphrase.value);
    } catch (error) {
      blamed = error;
    }
    source.octets.fill(0);
    const lack = key && lacks(key);
    if (key && !lack) {
      forget();
      await opened(key);
    }
    isOpening = false;
    submit.removeAttribute("aria-disabled");
    state.textContent = "";
    if (lack) blame(source.from, lack);
    if (key) return;
    if (blamed instanceof NeedsPassphrase) {
      passphraseField.element.hidden = false;
      blame(passphraseField, KEY.needsPassphrase);
    } else if (blamed instanceof WrongKey) {
      passphrase.value = "";
      blame(passphraseField, KEY.wrongPassphrase);
    } else {
      blame(source.from, await reason(file.files[0], text.value));
    }
  };

  return {
    elements: [drop, paste, passphraseField.element],
    actions: h("div", { class: "desk-form__actions" }, submit, state),
    open,
    forget,
  };
}

/** What is wrong with what was given, in words that say what to do. */
async function reason(file, text) {
  const content = file ? await file.text() : text;
  if (/-----BEGIN AGE ENCRYPTED FILE-----|^age-encryption\.org\/v1/.test(content)) {
    return KEY.damaged;
  }
  if (/^\s*age1/m.test(content) && !/AGE-SECRET-KEY/.test(content)) return KEY.isPublic;
  if (/AGE-SECRET-KEY/.test(content)) return KEY.damaged;
  return KEY.notAKey;
}
