// Tells when nobody has touched the keyboard or the pointer for long.

const LOCK_AFTER = 15 * 60_000;
const WARN_BEFORE = 60_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"];

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
