// Beside the form of the CMS: fetches the findings about what was saved last, and leads to their places.
function followSavings() {
  const WAIT_MS = 3000;
  const panel = document.querySelector("[data-check-address]");
  if (!panel) return;
  const side = panel.closest("[data-side-panel]");
  const counter = document.querySelector(
    '[data-side-panel-toggle="checks"] [data-side-panel-toggle-counter]',
  );
  let key = panel.dataset.checkKey;
  let timer = 0;
  let last = 0;

  function show(markup) {
    const had = panel.contains(document.activeElement) && document.activeElement.id;
    panel.innerHTML = markup;
    if (had) document.getElementById(had)?.focus();
    const found = panel.querySelector("[data-findings-count]");
    if (!found) return;
    const number = panel.querySelectorAll(".finding").length;
    if (counter) Object.assign(counter, { textContent: `${number}`, hidden: !number });
    for (const each of document.querySelectorAll("[data-check-count]")) {
      each.textContent = found.dataset.findingsCount || found.dataset.findingsNone;
    }
  }

  async function look() {
    timer = 0;
    if (!key) return;
    last = Date.now();
    try {
      const answer = await fetch(`${panel.dataset.checkAddress.replace("KEY", key)}?part`, {
        headers: { "x-requested-with": "XMLHttpRequest" },
      });
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch {
      // The list of before stays; the next saving tries again.
    }
  }

  function lookSoon() {
    timer ||= setTimeout(look, Math.max(0, last + WAIT_MS - Date.now()));
  }

  document.addEventListener("w-autosave:success", (event) => {
    key = event.detail?.response?.pk || key;
    lookSoon();
  });
  side?.addEventListener("show", lookSoon);
  look();

  // The names of fields and the ids of blocks, one inside the other, as Wagtail's comments have them.
  function placeOf(path) {
    let place = document.querySelector("form [data-contentpath]")?.closest("form") || null;
    let found = null;
    for (const name of path.split(".")) {
      place = place?.querySelector(`[data-contentpath="${CSS.escape(name)}"]`);
      if (!place) break;
      found = place;
    }
    return found;
  }

  function goTo(path) {
    const place = placeOf(path);
    if (!place) return false;
    const tab = place.closest('[role="tabpanel"]');
    if (tab?.hidden) document.querySelector(`[role="tab"][href="#${tab.id}"]`)?.click();
    for (let each = place; each; each = each.parentElement.closest("[data-panel]")) {
      if (!each.matches("[data-panel]")) continue;
      each.querySelector('[data-panel-toggle][aria-expanded="false"]')?.click();
    }
    const field = place.querySelector(
      'textarea:not([hidden]), input:not([type="hidden"]), select, [contenteditable="true"], button',
    );
    place.scrollIntoView({ block: "center" });
    field?.focus({ preventScroll: true });
    return true;
  }

  function goWhereAsked(attempts = 20) {
    const asked = location.hash.match(/^#place=(.+)$/);
    if (asked && !goTo(decodeURIComponent(asked[1])) && attempts > 1) {
      setTimeout(goWhereAsked, 200, attempts - 1);
    }
  }

  document.addEventListener("click", (event) => {
    const way = event.target.closest?.("[data-finding-place]");
    if (way && way.pathname === location.pathname && panel.contains(way)) {
      event.preventDefault();
      history.replaceState(null, "", way.hash);
      goWhereAsked(1);
    } else if (event.target.closest?.("[data-check-show]") && side) {
      event.preventDefault();
      side.dispatchEvent(new Event("open"));
      look();
    }
  });
  addEventListener("load", () => {
    goWhereAsked();
    if (!new URLSearchParams(location.search).has("comment")) return;
    document.querySelector('[data-side-panel="comments"]')?.dispatchEvent(new Event("open"));
  });
}

// The CMS loads scripts of panels before the panels.
document.addEventListener("DOMContentLoaded", followSavings);
