// Leaves the page at once, and leaves nothing typed behind. Without this the link still leads away.
const exit = document.querySelector(".quick-exit__link");
const PRESSES = 3;
// Fast enough to be in a hurry: one press at a time leaves a screen reader's mode for forms.
const WITHIN = 2000;

function empty() {
  for (const control of document.querySelectorAll("form :is(input, textarea)")) {
    if (control.type === "radio" || control.type === "checkbox") control.checked = false;
    else control.value = "";
  }
}

function leave() {
  empty();
  document.title = "";
  document.body.replaceChildren();
  location.replace(exit.href);
}

exit.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});

let pressed = [];
addEventListener("keydown", (event) => {
  if (event.repeat) return;
  pressed = event.key === "Escape" ? [...pressed, event.timeStamp].slice(-PRESSES) : [];
  if (pressed.length === PRESSES && event.timeStamp - pressed[0] < WITHIN) leave();
});

// The browser may keep a page whole, to show it again on Back: then without what was typed.
addEventListener("pagehide", (event) => {
  if (event.persisted) empty();
});

for (const element of document.querySelectorAll("[data-with-script]")) element.hidden = false;
