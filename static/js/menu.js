// The menu opens and closes without this; here Escape closes it too.
const menu = document.querySelector(".main-menu__box");

menu?.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Search works without suggestions; what shows them is fetched when a search field is used.
document.addEventListener("focusin", (event) => {
  const form = event.target.closest?.("[data-suggestions]");
  if (form) import(form.dataset.script).then(({ suggest }) => suggest(form));
});
