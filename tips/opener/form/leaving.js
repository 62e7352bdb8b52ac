// Asks before what has been written is lost: by a link, a reload or a closed tab. Does not ask once
// it has been sent, nor when the page is left quickly, since nothing is left on it then.
let mayLeave = false;

function hasWords() {
  const controls = document.querySelectorAll("form :is(textarea, [type=text], [type=file])");
  return [...controls].some((control) => control.value.trim());
}

// Some browsers ask when somebody calls 112. Others do not: then the next way out is not this one.
document.addEventListener("click", (event) => {
  if (!event.target.closest("a[href^='tel:']")) return;
  mayLeave = true;
  setTimeout(() => (mayLeave = false), 500);
});

addEventListener("beforeunload", (event) => {
  if (!mayLeave && hasWords()) {
    event.preventDefault();
    event.returnValue = true; // for browsers that want it so
  }
});
