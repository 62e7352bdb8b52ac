// The one file that opens tips on a machine without a network.
import { written } from "./dates.js";
import { button, foreign, h } from "./dom.js";
import { openBody, openHead, openNote } from "./envelope.js";
import { WrongKey, digest } from "./age.js";
import { field, notice } from "./forms.js";
import { keyFields } from "./key_form.js";
import { referenceOf } from "./reference.js";
import { excerptOf, fieldList, fileList, sealedFault } from "./shown.js";
import { BadArchive, TooLarge, readArchive } from "./zip.js";
import { COMMON, FILES, NOTES, OFFLINE, QUEUE, SHORT_SUBJECTS, TIP } from "./texts.js";

const FORMAT = "sapo-tips/1";
const HEAD = /^head(?:\.[a-z0-9-]{2,32})?\.age$/; // tips/sealing/manifest.py
const root = document.getElementById("desk");
const status = document.getElementById("besked");
let openKey = null;
const isOpen = (key) => openKey === key;

/** Shows a view, with the focus on its heading. */
function show(title, ...elements) {
  document.title = title;
  root.replaceChildren(...elements);
  status.textContent = "";
  scrollTo(0, 0);
  const heading = root.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus();
}

const narrow = (...elements) => h("div", { class: "desk-narrow" }, elements);

/** The files of a bundle, each checked against the bundle's list when it is read. */
class Bundle {
  #ourHead = ""; // the name of the head that was opened last

  static async open(file) {
    const bundle = new Bundle();
    bundle.entries = await readArchive(file);
    const manifest = bundle.entries.get("manifest.json");
    if (!manifest) throw new BadArchive("no manifest");
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await manifest());
      const { format, tips } = JSON.parse(text);
      if (format !== FORMAT || !Array.isArray(tips)) throw new BadArchive("another format");
      bundle.tips = tips.map(({ id, received_on, files }) => ({
        id: String(id),
        reference: referenceOf(String(id)),
        received_on: String(received_on),
        files: new Map(files.map(({ name, sha256 }) => [String(name), sha256])),
      }));
    } catch (error) {
      throw error instanceof BadArchive ? error : new BadArchive("damaged manifest");
    }
    return bundle;
  }

  async read(tip, name) {
    const entry = this.entries.get(`${tip.id}/${name}`);
    const octets = entry && (await entry());
    if (!octets || digest(octets) !== tip.files.get(name)) throw new BadArchive("not as listed");
    return octets;
  }

  /** What `open` makes of the tip's head: there is one for each reader, and one of them is ours. */
  async withHead(tip, open) {
    const isOurs = (name) => Number(name === this.#ourHead);
    const names = [...tip.files.keys()].filter((name) => HEAD.test(name));
    let fault = new BadArchive("no head");
    for (const name of names.sort((one, other) => isOurs(other) - isOurs(one))) {
      try {
        const opened = await open(await this.read(tip, name));
        this.#ourHead = name;
        return opened;
      } catch (error) {
        if (!(error instanceof WrongKey)) throw error;
        fault = error;
      }
    }
    throw fault;
  }
}

// What is shown

function start() {
  openKey = null;
  const file = h("input", {
    type: "file",
    accept: ".zip,application/zip",
    class: "desk-field__control desk-field__control--file",
  });
  const bundleField = field(OFFLINE.bundle, file, { hint: OFFLINE.bundleHint });
  let bundle = null;
  const key = keyFields((opened) => list(bundle, opened));
  const form = h(
    "form",
    { class: "desk-form", novalidate: true, autocomplete: "off" },
    h("div", { class: "desk-drop" }, bundleField.element),
    key.elements,
    key.actions,
  );
  const blame = (text) => {
    bundleField.fault(text);
    file.focus();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    bundleField.fault("");
    if (!file.files[0]) return blame(OFFLINE.noBundle);
    try {
      bundle = await Bundle.open(file.files[0]);
    } catch (error) {
      return blame(
        error instanceof TooLarge
          ? OFFLINE.tooLarge
          : error.message === "no manifest"
            ? OFFLINE.noManifest
            : OFFLINE.badBundle,
      );
    }
    return await key.open();
  });
  show(
    OFFLINE.title,
    narrow(h("h1", {}, OFFLINE.heading), h("p", { class: "lead" }, OFFLINE.lead), form),
  );
}

const again = () => h("p", {}, button(OFFLINE.lock, start));

async function list(bundle, key) {
  openKey = key;
  const bar = h("progress", {
    class: "desk-progress",
    max: bundle.tips.length || 1,
    "aria-hidden": "true",
  });
  show(OFFLINE.title, narrow(h("h1", {}, OFFLINE.list), bar));
  const rows = [];
  for (const [n, tip] of bundle.tips.entries()) {
    status.textContent = OFFLINE.unlocking(n + 1, bundle.tips.length);
    bar.value = n;
    const head = await found(() =>
      bundle.withHead(tip, (sealed) => openHead(key, tip.id, sealed)),
    );
    if (!isOpen(key)) return;
    rows.push([tip, head]);
    if (n % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const showList = () =>
    show(
      OFFLINE.title,
      h(
        "div",
        {},
        h("h1", {}, OFFLINE.list),
        rows.length
          ? h(
              "ul",
              { class: "desk-bundle" },
              rows.map(([tip, { content, fault }]) => listed(tip, content, fault, open)),
            )
          : h("p", { class: "empty" }, QUEUE.empty),
        again(),
      ),
    );
  const open = (tip) => one(bundle, key, tip, showList);
  showList();
}

/** What has been opened, or why it could not be. */
async function found(open) {
  try {
    return { content: await open() };
  } catch (error) {
    return { fault: error instanceof BadArchive ? COMMON.damaged : sealedFault(error) };
  }
}

function listed(tip, head, fault, open) {
  return h(
    "li",
    { class: "desk-bundle__tip" },
    h(
      "p",
      {},
      button(tip.reference, () => open(tip), { class: "desk-bundle__open" }),
      " ",
      h("span", { class: "desk-quiet" }, written(head?.received ?? tip.received_on)),
      head?.urgent
        ? [" ", h("span", { class: "desk-badge desk-badge--warning" }, QUEUE.urgentMark)]
        : null,
    ),
    fault
      ? h("p", { class: "desk-table__fault" }, fault)
      : h(
          "p",
          {},
          head.subject ? [SHORT_SUBJECTS[head.subject] ?? foreign(head.subject), ": "] : null,
          foreign(excerptOf(head)),
        ),
  );
}

async function one(bundle, key, tip, back) {
  const opened = await found(async () => {
    const sealed = await bundle.read(tip, "body.age");
    return await bundle.withHead(tip, (head) => openBody(key, tip.id, head, sealed));
  });
  const body = opened.content;
  const fetched = async ({ id }) => {
    try {
      return await bundle.read(tip, `${id}.age`);
    } catch (error) {
      throw Object.assign(error, { explanation: COMMON.damaged });
    }
  };
  const names = [...tip.files.keys()].filter((name) => name.startsWith("notes/"));
  const notes = [];
  for (const name of names)
    notes.push(
      await found(async () => openNote(key, await bundle.read(tip, name))),
    );
  if (!isOpen(key)) return;
  const heading = TIP.heading(tip.reference);
  show(
    heading,
    h(
      "article",
      { class: "desk-tip desk-narrow" },
      h("p", { class: "desk-tip__back" }, button(`← ${OFFLINE.all}`, back)),
      h("h1", {}, heading),
      h("p", {}, `${TIP.received}: `, written(body?.received ?? tip.received_on)),
      h(
        "section",
        { "aria-labelledby": "innehallet" },
        h("h2", { id: "innehallet" }, TIP.content),
        body ? fieldList(body.fields) : notice("danger", TIP.cannotOpen, h("p", {}, opened.fault)),
      ),
      body
        ? h(
            "section",
            { "aria-labelledby": "filer" },
            h("h2", { id: "filer" }, FILES.heading(body.attachments.length)),
            fileList(key, body.attachments, {
              fetched,
              isOpen: () => isOpen(key),
              isThere: ({ id }) => tip.files.has(`${id}.age`),
            }),
          )
        : null,
      notes.length
        ? h(
            "section",
            { "aria-labelledby": "anteckningar" },
            h("h2", { id: "anteckningar" }, NOTES.heading),
            h("ol", { class: "desk-notes" }, notes.map(noteItem)),
          )
        : null,
    ),
  );
}

const noteItem = ({ content, fault }) =>
  h(
    "li",
    { class: "desk-notes__note" },
    fault
      ? h("p", { class: "desk-table__fault" }, fault)
      : [
          h(
            "p",
            { class: "desk-notes__about" },
            h("strong", {}, foreign(content.author)),
            " ",
            h("span", { class: "desk-quiet" }, written(content.written)),
          ),
          foreign(content.text, "div"),
        ],
  );

addEventListener("pagehide", start);
start();
