// The one file that opens tips on a machine without a network.
import { ARRIVALS } from "../words/arrival_words.js";
import { judged, presentIn, ringsIn } from "./bundle_arrivals.js";
import { cameAt, written } from "../words/dates.js";
import { button, foreign, h } from "../page_parts/dom.js";
import { contentOf, digestOfFiles, openBody, openHead } from "../content/envelope.js";
import { WrongKey, digest } from "../age/age.js";
import { folded } from "../content/folded.js";
import { notice } from "../page_parts/forms.js";
import { keyForm } from "../keys/key_form.js";
import { notesIn } from "./offline_notes.js";
import { referenceOf } from "../words/reference.js";
import { excerptOf, falselySaid, fieldList, fileList, sealedFault, wayOf } from "../content/shown.js";
import { BadArchive, TooLarge, readArchive } from "./zip.js";
import { COMMON, FILES, OFFLINE, QUEUE, SHORT_SUBJECTS, TIP } from "../words/texts.js";

const FORMAT = "sapo-tips/1";
const HEAD = /^head(?:\.[a-z0-9-]{2,32})?\.age$/;
const FILE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.age$/;
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
  #rings = null; // by their serials, as far as they can be believed
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

  /** The keyrings that the root in the key file leads to, by their serials; null where there are none. */
  async rings(key) {
    this.#rings ??= ringsIn(this.entries, key.root);
    return await this.#rings;
  }

  /** What the intake has signed of the tip. */
  async signed(tip, key, { body, content, head, sealed }) {
    const file = tip.files.has("arrival") ? () => this.read(tip, "arrival") : null;
    const ids = [...tip.files.keys()].filter((name) => FILE.test(name));
    return await judged(await this.rings(key), file, content, {
      way: body.way,
      digestThere: () =>
        digestOfFiles(
          head,
          sealed,
          ids.map((name) => name.slice(0, -4)),
          (id) => this.read(tip, `${id}.age`),
        ),
    });
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
  let bundle = null;
  const taken = async (file) => {
    try {
      bundle = await Bundle.open(file);
      return "";
    } catch (error) {
      return error instanceof TooLarge ? OFFLINE.tooLarge : OFFLINE.badBundle;
    }
  };
  const { bundle: label, bundleHint: hint, noBundle: missing } = OFFLINE;
  const form = keyForm({
    first: { label, hint, missing, accept: ".zip,application/zip", taken },
    opened: (key) => list(bundle, key),
  });
  show(
    OFFLINE.title,
    narrow(h("h1", {}, OFFLINE.heading), h("p", { class: "lead" }, OFFLINE.lead), form.element),
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
    status.textContent = QUEUE.unlocking(n + 1, bundle.tips.length);
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
              rows.map(([tip, head]) => listedAnyway(tip, head, open)),
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

/** A tip that cannot be shown stops no other. */
function listedAnyway(tip, { content, fault }, open) {
  try {
    return listed(tip, content, fault, open);
  } catch {
    return listed(tip, null, COMMON.damaged, open);
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
      h("span", { class: "desk-quiet" }, written(cameAt(head?.received, tip.received_on))),
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
    return await bundle.withHead(tip, async (head) => {
      const body = await openBody(key, tip.id, head, sealed);
      return { body, head, sealed, content: contentOf(tip.id, head, sealed, body) };
    });
  });
  const body = opened.content?.body;
  const signed = body && (await bundle.signed(tip, key, opened.content));
  const fetched = async ({ id }) => {
    try {
      return await bundle.read(tip, `${id}.age`);
    } catch (error) {
      throw Object.assign(error, { explanation: COMMON.damaged });
    }
  };
  const files = h("div", {});
  const content = () => {
    const listed = fileList(key, body.attachments, {
      fetched,
      isOpen: () => isOpen(key),
      isThere: ({ id }) => tip.files.has(`${id}.age`),
    });
    files.append(...listed);
    return fieldList(body.fields);
  };
  const notes = await notesIn(bundle, key, tip, {
    ring: presentIn(await bundle.rings(key)),
    arrival: signed?.arrival?.hash,
  });
  if (!isOpen(key)) return;
  const heading = TIP.heading(tip.reference);
  show(
    heading,
    h(
      "article",
      { class: "desk-tip desk-narrow" },
      h("p", { class: "desk-tip__back" }, button(`← ${OFFLINE.all}`, back)),
      h("h1", {}, heading),
      h("p", {}, `${TIP.received}: `, written(cameAt(body?.received, tip.received_on))),
      wayOf(signed?.arrival, body) ? h("p", {}, wayOf(signed?.arrival, body)) : null,
      signed ? falselySaid(signed) : null,
      h(
        "section",
        { "aria-labelledby": "innehallet" },
        h("h2", { id: "innehallet" }, TIP.content),
        body
          ? unless(signed, content)
          : notice("danger", TIP.cannotOpen, h("p", {}, opened.fault)),
      ),
      body
        ? h(
            "section",
            { "aria-labelledby": "filer" },
            h("h2", { id: "filer" }, FILES.heading(body.attachments.length)),
            files,
          )
        : null,
      notes,
    ),
  );
}

const FOLDED = {
  forged: ["danger", ARRIVALS.exchanged],
  lacking: ["danger", ARRIVALS.missing],
  untested: ["warning", ARRIVALS.untested],
};

const unless = ({ code }, shown) => (FOLDED[code] ? folded(...FOLDED[code], shown) : shown());

addEventListener("pagehide", start);
start();
