// The menu opens and closes without this; here Escape closes it too.
const menu = document.querySelector(".main-menu__box");

menu?.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
