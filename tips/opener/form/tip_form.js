// The page of the tip form: opens it when it knows whom to seal to, seals what is written, sends it.
// Whatever fails on the way, nothing that was written has left the browser unsealed.
import "./quick_exit.js";
import "./leaving.js";
import { referenceOf } from "../words/reference.js";
import { newSecret, sealTip } from "./seal.js";
import { send } from "./send.js";
import { Shut, Unreachable, WrongClock, present, quarterNow } from "./standing.js";
import { chosenFiles, empty, faults, filledIn } from "./tip_fields.js";
import { showClosed, showFaults, showForm, showProgress, showReceived, showWork } from "./tip_page.js";
import { Untrusted } from "../trust/trust.js";

const FRESH = 30 * 60 * 1000;
const PAUSE = 2000;
const form = document.querySelector("form");
const secret = newSecret(); // of this page's life

let state = "preparing";
let ring;
let standing;
let sealed = null; // until something else is written
let isTried = false; // whether the server may have what was written last
let stopping = new AbortController();

function become(next, code = "") {
  state = next;
  switch (next) {
    case "ready":
      return showForm();
    case "shut":
      return showClosed(code);
    case "sealing":
    case "sending":
      return showWork(next, () => stopping.abort());
    case "done":
      empty();
      sealed = null;
      return showReceived(referenceOf(standing.tip));
    case "failed":
      become("ready");
      return showFaults([["", code, {}]], { withNumbers: code !== "stopped" });
  }
}

const asked = () => present(document.querySelector("meta[name=sapo-root]").content);

async function prepare() {
  try {
    if (!crypto.subtle || !crypto.randomUUID) throw new TypeError("too old to seal");
    ({ ring, standing } = await asked());
    become("ready");
  } catch (error) {
    const code = codeOf(error);
    become("shut", code === "unreachable" ? "closed" : code);
  }
}

function codeOf(error) {
  if (stopping.signal.aborted) return "stopped";
  if (error instanceof Shut) return error.message === "keyring" ? "closed for long" : "closed";
  if (error instanceof Unreachable) return "unreachable";
  if (error instanceof WrongClock) return "clock";
  if (error instanceof Untrusted) return "untrusted";
  return error?.name === "NotReadableError" || error?.name === "NotFoundError" ? "unread" : "program";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (state !== "ready") return;
  const found = faults();
  if (found.length) return showFaults(found);
  if (!navigator.onLine) return become("failed", "offline");
  stopping = new AbortController();
  try {
    const code = await leave();
    if (code === "spent") [standing, sealed, isTried] = [null, null, false];
    become(code === "ok" ? "done" : "failed", code);
  } catch (error) {
    become("failed", codeOf(error));
  }
});

/** Seals and sends; once more by itself where the line broke or the keyring is another. */
async function leave() {
  let code = await attempt();
  if (code === "unreachable") {
    await pause(PAUSE);
    code = await attempt();
  }
  if (code === "keyring" || code === "token") {
    const anew = await asked();
    ring = anew.ring;
    // What may have arrived keeps its number, so that it is known when it is sent again.
    if (code === "token") standing = anew.standing;
    sealed = null;
    code = await attempt();
  }
  if (code === "closed") await asked(); // which says whether that is for long
  return code;
}

async function attempt() {
  sealed ??= await seal();
  goOn();
  become("sending");
  isTried = true;
  const code = await send(sealed, { progressed: showProgress, signal: stopping.signal });
  goOn();
  return code;
}

async function seal() {
  become("sealing");
  if (!standing || (!isTried && performance.now() - standing.at > FRESH)) {
    ({ ring, standing } = await asked());
  }
  const [fields, files] = [filledIn(), chosenFiles()];
  const whole = files.reduce((sum, { size }) => sum + size, 1);
  let done = 0;
  const step = (octets) => {
    goOn();
    showProgress(Math.min(1, (done += octets) / whole));
  };
  const { lang: language } = document.documentElement;
  const received = quarterNow(standing);
  const made = await sealTip({ standing, received, ring, language, fields, files, secret }, step);
  // The server takes nothing that comes sooner than anybody writes.
  await pause(standing.at + Number(form.dataset.ripe) * 1000 - performance.now());
  return made;
}

function goOn() {
  if (stopping.signal.aborted) throw new Error("stopped");
}

const pause = (time) => new Promise((resolve) => setTimeout(resolve, Math.max(0, time)));

form.addEventListener("input", () => (sealed = null));

/** Nothing is left of what was written, should the browser show the page again. */
function forget() {
  stopping.abort();
  sealed = null;
  empty();
}
addEventListener("pagehide", forget);
addEventListener("pageshow", ({ persisted }) => persisted && forget());

prepare();
