// The page where a handler adds passkeys to the request that is taken to the ceremony. It asks no server.
import LIST from "../../sealing/ordlista.txt";
import { watchIdleness } from "../desk/idle.js";
import { keyForm } from "../keys/key_form.js";
import { whyNoPasskeys } from "../keys/passkeys.js";
import { button, foreign, h, safeName, save } from "../page_parts/dom.js";
import { notice } from "../page_parts/forms.js";
import { of, row, rows } from "../page_parts/rows.js";
import { acting } from "../page_parts/sheet.js";
import { MOST_PASSKEYS } from "../trust/keyring.js";
import { hashOf, wordRows } from "../trust/trust.js";
import { REQUEST } from "../words/key_words.js";
import { newPasskey } from "./passkey_made.js";
import { entryIn, isOf, signedRequest } from "./request.js";

const LARGEST = 64 * 1024;
const root = document.getElementById("desk");
const status = document.getElementById("besked");
let open = null; // { key, entry, name, passkeys, fresh } while the key is open
let stopWatching = null;

/** Shows these below the heading, which has the focus unless another element is to have it. */
function show(elements, focused = null) {
  const heading = h("h1", { tabindex: "-1" }, REQUEST.heading);
  root.replaceChildren(h("div", { class: "desk-narrow desk-spaced" }, heading, elements));
  (focused ?? heading).focus();
}

function start(said = "") {
  stopWatching?.();
  open?.key.signing.forget();
  open = null;
  let given = null;
  const taken = async (file) => {
    try {
      if (file.size > LARGEST) throw new Error("too large");
      const octets = new Uint8Array(await file.arrayBuffer());
      given = { octets, entry: entryIn(octets), name: safeName(file.name, "handlaggare.request") };
      return "";
    } catch {
      return REQUEST.badRequest;
    }
  };
  const form = keyForm({
    first: { label: REQUEST.request, hint: REQUEST.requestHint, missing: REQUEST.noRequest, taken },
    async opened(key) {
      if (await isOf(given.octets, given.entry, key)) begin(key, given);
      else form.blameFirst(REQUEST.isAnothers);
    },
    lacks: ({ handler, signing }) => (handler && signing ? "" : REQUEST.olderKind),
  });
  const hindrance = whyNoPasskeys();
  status.textContent = said;
  show([
    h("p", { class: "lead" }, REQUEST.lead),
    h("p", {}, REQUEST.nothingSent),
    hindrance ? notice("warning", null, h("p", {}, hindrance)) : form.element,
    h("p", {}, h("a", { href: root.dataset.home }, REQUEST.toLogin)),
  ]);
}

async function begin(key, { entry, name }) {
  open = { key, entry, name, passkeys: entry.passkeys, fresh: new Set() };
  stopWatching = watchIdleness({ warn() {}, calm() {}, lock: () => start(REQUEST.locked) });
  await showList();
}

/** Shows the passkeys and what is to be taken along; `said` is what has just been done, and gets the focus. */
async function showList(said = "") {
  const now = open;
  const { key, entry, name, passkeys, fresh } = now;
  const files = await signedRequest(entry, passkeys, key);
  if (open !== now) return;
  const done = said ? notice("information", null, h("p", {}, said)) : null;
  done?.setAttribute("tabindex", "-1");
  const list = passkeys.map(({ credential }, at) => {
    const called = REQUEST.number(at + 1);
    const removing = button(REQUEST.remove, () => remove(credential), {}, of(called));
    return row(called, [fresh.has(credential) ? REQUEST.fresh : REQUEST.was], removing);
  });
  show(
    [
      h("p", { class: "lead" }, foreign(REQUEST.whose(entry.name, entry.id))),
      h("p", {}, REQUEST.check),
      done,
      h("h2", {}, REQUEST.list(passkeys.length)),
      list.length ? rows(list) : h("p", { class: "empty" }, REQUEST.none),
      h("p", { class: "desk-quiet" }, passkeys.length < MOST_PASSKEYS ? REQUEST.more : REQUEST.full),
      passkeys.length < MOST_PASSKEYS
        ? acting(list.length ? REQUEST.addMore : REQUEST.add, add, list.length ? {} : { class: "button" })
        : null,
      taking(name, files),
      h("p", {}, button(REQUEST.lock, () => start(REQUEST.locked))),
    ],
    done,
  );
}

async function add() {
  const now = open;
  const { entry, passkeys, fresh } = now;
  const made = await newPasskey(entry.id, passkeys.map(({ credential }) => credential));
  if (open !== now) return;
  fresh.add(made.credential);
  now.passkeys = [...passkeys, made].sort((one, other) => (one.credential < other.credential ? -1 : 1));
  await showList(REQUEST.added);
}

function remove(credential) {
  open.passkeys = open.passkeys.filter((each) => each.credential !== credential);
  return showList(REQUEST.removed);
}

function taking(name, { request, signature }) {
  const download = (octets, called) =>
    button(REQUEST.file(called), () => {
      save(octets, called);
      status.textContent = REQUEST.saved(called);
    });
  return [
    h("h2", {}, REQUEST.take),
    h("p", {}, REQUEST.takeText),
    h(
      "ul",
      { class: "desk-words", "aria-label": REQUEST.words },
      wordRows(hashOf(request), LIST).map((words) => h("li", {}, words)),
    ),
    h("div", { class: "desk-form__actions" }, download(request, name), download(signature, `${name}.sig`)),
  ];
}

document.title = REQUEST.title;
addEventListener("pagehide", () => start());
start();
