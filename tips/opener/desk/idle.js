// Tells when nobody has touched the keyboard or the pointer, or chosen anything, for long.

const LOCK_AFTER = 15 * 60_000;
const WARN_BEFORE = 60_000;
// A click comes alone where a screen reader or a voice chooses something: no key reaches the page.
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart", "click"];

/** Watches until the answer, a function, is called. */
export function watchIdleness({ warn, calm, lock }) {
  let last = Date.now();
  let isWarned = false;
  const sign = () => {
    last = Date.now();
    if (isWarned) calm();
    isWarned = false;
  };
  const look = () => {
    const idle = Date.now() - last;
    if (idle >= LOCK_AFTER) lock();
    else if (idle >= LOCK_AFTER - WARN_BEFORE && !isWarned) {
      isWarned = true;
      warn();
    }
  };
  // Before anything else hears of it: the first sign after a computer's sleep comes too late.
  const lookFirst = (event) => {
    if (!event.isTrusted) return;
    look();
    if (event.type !== "visibilitychange") sign();
  };
  for (const type of SIGNS) addEventListener(type, lookFirst, { capture: true, passive: true });
  document.addEventListener("visibilitychange", lookFirst);
  const timer = setInterval(look, 5_000);
  return () => {
    clearInterval(timer);
    for (const type of SIGNS) removeEventListener(type, lookFirst, { capture: true });
    document.removeEventListener("visibilitychange", lookFirst);
  };
}
