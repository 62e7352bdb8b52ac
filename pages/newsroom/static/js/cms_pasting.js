// In the CMS: offers to make blocks of what is pasted into a text that cannot hold all of it.
// The editor shows only Swedish, so the words stand here.
function offerBlocks({ address }) {
  const PAGE = /\/pages\/(?:(\d+)\/edit|add\/\w+\/\w+\/(\d+))\//.exec(location.pathname);
  const COUNTED = [
    ["h1, h4, h5, h6", "rubrik utanför nivå 2 och 3", "rubriker utanför nivå 2 och 3"],
    ["table", "tabell", "tabeller"],
    ["img", "bild", "bilder"],
  ];
  let isPassing = false;

  const LIST = new Intl.ListFormat("sv");

  /** "3 rubriker, 1 tabell och 1 bild"; nothing for what a text can hold. */
  function counted(html) {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    const found = COUNTED.map(([selector, one, many]) => {
      const count = body.querySelectorAll(selector).length;
      return count && `${count} ${count === 1 ? one : many}`;
    });
    return LIST.format(found.filter(Boolean));
  }

  /** The stream of blocks and the place in it, if a text of its own is pasted into. */
  function placeOf(editor) {
    for (let up = editor; up; up = up.parentElement) {
      const stream = up.rootBlock;
      const index = stream?.children?.findIndex(({ element }) => element.contains(editor)) ?? -1;
      if (index >= 0) return stream.children[index].type === "prose" ? { stream, index } : null;
    }
    return null;
  }

  function element(name, attributes, ...children) {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...children);
    return made;
  }

  /** Asks in a dialog; the answer is "blocks", "text" or nothing. */
  function ask(found, answer) {
    const choice = (value, textContent, more = "") =>
      element("button", { className: `button ${more}`, value, textContent });
    const dialog = element(
      "dialog",
      { className: "pasting", ariaLabel: "Inklistrad text" },
      element(
        "form",
        { method: "dialog" },
        element("p", { textContent: `Det du klistrade in har ${found}, som en text inte kan hålla.` }),
        element(
          "div",
          { className: "pasting__choices" },
          choice("blocks", "Gör block av dem"),
          choice("text", "Klistra in bara texten", "button-secondary"),
          choice("", "Avbryt", "button-secondary"),
        ),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  function tell(editor, words) {
    const field = editor.closest(".w-field") ?? editor.parentElement;
    let told = field.querySelector(".pasting__told");
    if (!told) {
      told = element("p", { className: "pasting__told help-block help-info" });
      told.setAttribute("role", "status");
      field.append(told);
    }
    told.textContent = words;
  }

  async function makeBlocks(editor, { stream, index }, html) {
    tell(editor, "Blocken görs …");
    const form = new FormData();
    form.set("html", html);
    form.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(address.replace("/0/", `/${PAGE[1] ?? PAGE[2]}/`), {
        method: "POST",
        body: form,
        headers: { "x-requested-with": "XMLHttpRequest" },
      });
      const { blocks = [], told } = await answer.json();
      blocks.forEach((block, number) => stream.insert(block, index + 1 + number, {}));
      tell(editor, [blocks.length && `${blocks.length} block under det här.`, told].filter(Boolean).join(" "));
    } catch {
      tell(editor, "Det gick inte att göra block av texten. Försök igen, eller klistra in bara texten.");
    }
  }

  /** The same once more, to the editor itself. */
  function pass(target, given) {
    target.focus();
    isPassing = true;
    target.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }),
    );
    isPassing = false;
  }

  document.addEventListener(
    "paste",
    (event) => {
      const html = event.clipboardData?.getData("text/html");
      const editor = event.target.closest?.(".Draftail-Editor");
      const place = !isPassing && PAGE && html && editor && placeOf(editor);
      const found = place && counted(html);
      if (!found) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const given = new DataTransfer();
      for (const kind of ["text/html", "text/plain"]) given.setData(kind, event.clipboardData.getData(kind));
      ask(found, (chosen) => {
        if (chosen === "blocks") makeBlocks(editor, place, html);
        if (chosen === "text") pass(event.target, given);
      });
    },
    true,
  );
}

offerBlocks(document.currentScript.dataset);
