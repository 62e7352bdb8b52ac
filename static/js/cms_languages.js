// The button in the text editor that says in which language the chosen words are.
// The editor shows only Swedish, so the names stand here; a test compares them with the server's.
const LANGUAGES = {
  sv: "svenska",
  en: "engelska",
  fi: "finska",
  fit: "meänkieli",
  se: "nordsamiska",
  smj: "lulesamiska",
  sma: "sydsamiska",
  rom: "romani",
  yi: "jiddisch",
  ar: "arabiska",
  fa: "persiska",
  fr: "franska",
  pl: "polska",
  ru: "ryska",
  so: "somaliska",
  es: "spanska",
  de: "tyska",
  uk: "ukrainska",
};
const PREFIX = "LANGUAGE_";
const { EditorState, Modifier } = window.DraftJS;

function element(name, attributes, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

/** Asks in a dialog; the answer is a code, or "" for the language of the page. */
function ask(current, answer) {
  const list = element("select", { id: "sprak-pa-ord" }, element("option", { value: "", textContent: "Sidans språk" }));
  for (const [code, name] of Object.entries(LANGUAGES)) {
    list.append(element("option", { value: code, textContent: name, selected: code === current }));
  }
  const form = element(
    "form",
    { method: "dialog" },
    element("label", { htmlFor: list.id, className: "w-field__label", textContent: "Orden är på" }),
    element("p", {}, list),
    element("button", { className: "button", value: "choose", textContent: "Välj" }),
    " ",
    element("button", { className: "button button-secondary", value: "", textContent: "Avbryt" }),
  );
  const dialog = element("dialog", { ariaLabel: "Språk på ord" }, form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    answer(dialog.returnValue === "choose" ? list.value : null);
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** The same text with its chosen words in a language. */
function inLanguage(state, code) {
  const selection = state.getSelection();
  let content = state.getCurrentContent();
  for (const other of Object.keys(LANGUAGES)) {
    content = Modifier.removeInlineStyle(content, selection, PREFIX + other);
  }
  if (code) content = Modifier.applyInlineStyle(content, selection, PREFIX + code);
  return EditorState.push(state, content, "change-inline-style");
}

function LanguageButton({ getEditorState, onChange }) {
  const state = getEditorState();
  const style = state.getCurrentInlineStyle().find((each) => each.startsWith(PREFIX));
  const current = style ? style.slice(PREFIX.length) : "";
  const press = () => {
    const before = getEditorState();
    if (before.getSelection().isCollapsed()) return;
    ask(current, (code) => {
      const after = code === null ? before : inLanguage(before, code);
      onChange(EditorState.forceSelection(after, before.getSelection()));
    });
  };
  return window.React.createElement(window.Draftail.ToolbarButton, {
    name: "language",
    label: current ? `Språk: ${LANGUAGES[current]}` : "Språk",
    title: "Säg på vilket språk de markerade orden är",
    active: Boolean(current),
    onClick: press,
  });
}

window.draftail.registerPlugin({ type: "language", inline: LanguageButton }, "controls");
