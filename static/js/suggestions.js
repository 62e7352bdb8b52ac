// Suggests pages while somebody types into a search field: a combobox with a list below it.
const PAUSE = 150;
const SHORTEST = 2;
const ready = new WeakSet();

export function suggest(form) {
  if (ready.has(form)) return;
  ready.add(form);

  const field = form.querySelector("input");
  const list = document.createElement("div");
  let asked;
  let timer;

  list.id = "suggestions";
  list.className = "search-form__suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label").textContent);
  form.append(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  function close() {
    asked?.abort();
    clearTimeout(timer);
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function show(suggestions) {
    list.replaceChildren(
      ...suggestions.map(({ title, url }, number) => {
        const option = document.createElement("a");
        option.id = `suggestion-${number}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.href = url;
        option.tabIndex = -1;
        option.textContent = title;
        return option;
      }),
    );
    list.hidden = suggestions.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams({ q: field.value });
    try {
      const answer = await fetch(`${form.dataset.suggestions}?${query}`, { signal: asked.signal });
      if (answer.ok) show((await answer.json()).suggestions);
    } catch {
      // Without an answer the field is a field.
    }
  }

  function choose(step) {
    const options = [...list.children];
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const next = (now + step + options.length + (now === -1 && step < 0 ? 1 : 0)) % options.length;
    options[now]?.setAttribute("aria-selected", "false");
    options[next].setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", options[next].id);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (field.value.trim().length < SHORTEST) close();
    else timer = setTimeout(ask, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter") {
      const chosen = list.querySelector('[aria-selected="true"]');
      if (chosen) {
        event.preventDefault();
        chosen.click();
      }
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  // A press on a suggestion must not take the focus first: that would close the list.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
}
