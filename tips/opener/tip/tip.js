// One tip: what was written, its files, the handlers' notes, its history and the next step.
import { ARRIVALS } from "../words/arrival_words.js";
import { cameAt, written } from "../words/dates.js";
import { fromBase64, payloadOf } from "../age/age.js";
import { believedRing } from "../trust/desk_trust.js";
import { button, foreign, h, save } from "../page_parts/dom.js";
import { folded } from "../content/folded.js";
import { alarm, notice } from "../page_parts/forms.js";
import { reasonOf } from "../words/happened.js";
import { labelOf } from "../words/labels.js";
import { notesSection } from "./notes.js";
import { openTip } from "./open_tip.js";
import { referenceOf } from "../words/reference.js";
import { remember } from "../queue/search.js";
import { falselySaid, fieldList, fileList, fileName, wayOf } from "../content/shown.js";
import { SIGNED, judgedHistory, readStatements } from "../trust/statement.js";
import { hashOf } from "../trust/trust.js";
import { stepsSection } from "./steps.js";
import { MASK } from "../words/mask_words.js";
import { FILES, LANGUAGES, QUEUE, TIP } from "../words/texts.js";

export function tipView(desk, id) {
  const title = TIP.heading(referenceOf(id));
  const readers = h("p", { class: "desk-tip__readers", role: "status" });
  const place = h("article", { class: "desk-tip" }, backLink(desk), h("h1", {}, title), readers);
  const view = {
    title,
    reads: id,
    hearReaders() {
      readers.textContent = desk.readersOf(id);
    },
    elements: [place],
    async begin() {
      desk.say(TIP.opening);
      try {
        const { answer, opened } = await openTip(desk, id);
        if (!desk.isShowing(view)) return;
        desk.news.drop([id]);
        desk.hearReaders(answer.readers);
        view.hearReaders();
        showTip(desk, view, place, answer, opened);
      } catch (error) {
        if (!desk.isShowing(view)) return;
        desk.say("");
        place.append(desk.explain(error, () => desk.show()));
      }
    },
  };
  return view;
}

const backLink = (desk) =>
  h("p", { class: "desk-tip__back" }, h("a", { href: desk.queueAddress() }, `← ${TIP.back}`));

function showTip(desk, view, place, answer, opened) {
  const { tip } = answer;
  const isSure = Boolean(opened.body) && !opened.isUntested;
  tip.arrival = opened.arrival;
  if (isSure) remember(desk, tip.id, opened.body);
  desk.say("");

  const about = h("section", { class: "desk-tip__about", "aria-label": TIP.facts });
  const history = h("section", { class: "desk-tip__history", "aria-labelledby": "historik" });
  /** Shows how things stand after a step or a note, or after somebody else's. */
  const renew = ({ tip, events, statements, notes }) => {
    if (tip) {
      answer.tip = { ...tip, arrival: opened.arrival };
      desk.queue.tips = desk.queue.tips.map((other) =>
        other.id === tip.id ? { ...other, ...tip } : other,
      );
    }
    if (events) answer.events = events;
    if (statements) Object.assign(answer, { statements, notes });
    about.replaceChildren(...facts(desk, answer.tip, opened.body));
    history.replaceChildren(...historyOf(desk, answer.events, opened.body));
    judge(answer.tip);
  };
  /** Says what of it the handlers have not signed. */
  const judge = async (tip) => {
    const { unsigned, isOther } = await judged(desk, answer);
    if (answer.tip !== tip) return;
    history.replaceChildren(...historyOf(desk, answer.events, opened.body, unsigned));
    if (isOther) about.prepend(notice("danger", TIP.otherwise, h("p", {}, TIP.otherwiseText)));
  };
  renew(answer);

  const listed = h("div", {}); // the files, when the text is shown
  place.append(
    about,
    h("p", { class: "desk-tip__acts" }, button(MASK.print, () => print()),
      isSure && h("a", { class: "button button--quiet", href: desk.maskAddress(tip.id) }, MASK.begin),
    ),
    h(
      "div",
      { class: "desk-tip__columns" },
      h(
        "div",
        { class: "desk-tip__main" },
        content(opened, () => listed.append(...filesOf(desk, answer, opened.body))),
        files(desk, answer, opened.body, listed),
        notesSection(desk, view, answer, renew),
      ),
      h("div", { class: "desk-tip__aside" }, stepsSection(desk, view, answer, renew), history),
    ),
    nextLink(desk, answer.tip.id),
  );
}

/** What of the history is signed; nothing of it where that cannot be told, for whatever reason. */
async function judged(desk, answer) {
  try {
    const notes = answer.notes.map(({ id, sealed }) => `${id} ${hashOf(payloadOf(fromBase64(sealed)))}`);
    return judgedHistory(answer, await readStatements(answer.statements, await believedRing(desk)), notes);
  } catch {
    return { ...judgedHistory(answer, new Map()), isOther: true };
  }
}

function facts(desk, tip, body) {
  const row = (label, ...values) => h("div", {}, h("dt", {}, label), h("dd", {}, values));
  const urgent = body?.fields.urgent && !["0", "false"].includes(String(body.fields.urgent));
  return [
    urgent
      ? h("p", {}, h("span", { class: "desk-badge desk-badge--warning" }, QUEUE.urgentMark))
      : null,
    h(
      "dl",
      { class: "desk-facts" },
      row(TIP.state, h("strong", {}, labelOf("state", tip.state)), ` ${TIP.since(written(tip.state_on))}`),
      row(TIP.received, written(cameAt(body?.received, tip.arrival?.on ?? tip.received_on))),
      wayOf(tip.arrival, body) ? row(TIP.way, wayOf(tip.arrival, body)) : null,
      row(TIP.assigned, tip.assigned_to ? desk.nameOf(tip.assigned_to) : TIP.nobody),
      tip.register_no ? row(TIP.register, tip.register_no) : null,
      body && body.language !== "sv"
        ? row(TIP.language, LANGUAGES[body.language] ?? foreign(body.language))
        : null,
      tip.is_on_hold ? row(TIP.hold, TIP.holdText) : null,
    ),
    tip.purge_proposed_by
      ? notice("warning", null, h("p", {}, TIP.proposed(desk.nameOf(tip.purge_proposed_by))))
      : null,
  ].filter(Boolean);
}

const content = (opened, showFiles) => {
  const { body, fault, isForged, isUntested } = opened;
  return h(
    "section",
    { class: "desk-tip__content", "aria-labelledby": "innehallet" },
    h("h2", { id: "innehallet" }, TIP.content),
    falselySaid(opened),
    isForged
      ? alarm("danger", ARRIVALS.cannotShow, h("p", {}, fault), h("p", {}, ARRIVALS.anyway))
      : body
        ? unless(isUntested, () => {
            showFiles();
            return fieldList(body.fields);
          })
        : notice("danger", TIP.cannotOpen, h("p", {}, fault)),
  );
};

const unless = (isUntested, shown) =>
  isUntested ? folded("warning", ARRIVALS.untested, shown) : shown();

function filesOf(desk, { tip, attachments }, body) {
  const { key } = desk;
  const stored = new Set(attachments.map(({ id }) => id));
  const fetched = async ({ id }) => {
    try {
      return await desk.api.file(tip.id, id);
    } catch (error) {
      throw Object.assign(error, { explanation: desk.explanation(error) });
    }
  };
  return fileList(key, body.attachments, {
    fetched,
    isOpen: () => desk.key === key,
    isThere: ({ id }) => stored.has(id),
  });
}

function files(desk, { tip, attachments }, body, place) {
  const { key } = desk;
  const listed = body?.attachments ?? [];
  const unlisted = attachments.filter(({ id }) => !listed.some((file) => file.id === id));
  const saveBundle = async () => {
    desk.say(FILES.fetching, true);
    try {
      const sealed = await desk.api.bundle(tip.id);
      if (desk.key !== key) return;
      save(sealed, `${referenceOf(tip.id)}.zip`);
      desk.say(FILES.savedSealed);
    } catch (error) {
      if (desk.key === key) desk.say(desk.explanation(error), true);
    }
  };
  const hint = h("span", { class: "desk-quiet" }, ` ${TIP.sealedHint}`);
  return h(
    "section",
    { class: "desk-tip__files", "aria-labelledby": "filer" },
    h("h2", { id: "filer" }, FILES.heading(listed.length)),
    place,
    body && unlisted.length
      ? notice("warning", null, h("p", {}, FILES.unlisted(unlisted.length)))
      : null,
    h("p", { class: "desk-tip__sealed" }, button(TIP.sealed, saveBundle), hint),
  );
}

function historyOf(desk, events, body, unsigned = []) {
  const nameOfFile = (id) => {
    const listed = body?.attachments.find((file) => file.id === id);
    return listed ? fileName(listed) : FILES.unnamed;
  };
  const items = events.map((event) => {
    const [from, to] = [event.from, event.to].map((state) => state && labelOf("state", state));
    const reason = reasonOf(event, desk.nameOf);
    return h(
      "li",
      { class: "desk-history__event" },
      h("span", { class: "desk-history__verb" }, labelOf("done", event.verb)),
      from && to ? h("span", {}, TIP.changed(from, to)) : null,
      event.file ? h("span", {}, foreign(nameOfFile(event.file))) : null,
      reason ? h("span", {}, foreign(reason)) : null,
      h(
        "span",
        { class: "desk-quiet" },
        h("time", { datetime: event.on }, written(event.on)),
        " ",
        event.actor ? TIP.by(desk.nameOf(event.actor)) : TIP.system,
        event.actor && !SIGNED.has(event.verb) ? TIP.noted : null,
      ),
      unsigned.includes(event.seq)
        ? h("strong", { class: "desk-badge desk-badge--danger" }, TIP.unsigned)
        : null,
    );
  });
  return [
    h("h2", { id: "historik" }, TIP.history),
    items.length
      ? h("ol", { class: "desk-history" }, items)
      : h("p", { class: "desk-quiet" }, TIP.noHistory),
  ];
}

function nextLink(desk, id) {
  const next = desk.order[desk.order.indexOf(id) + 1];
  const tip = desk.order.includes(id) && desk.queue.tips.find((other) => other.id === next);
  return h(
    "nav",
    { class: "desk-tip__next", "aria-label": TIP.heading("") },
    h("a", { href: desk.queueAddress() }, `← ${TIP.back}`),
    tip ? h("a", { href: desk.tipAddress(tip.id) }, `${TIP.next}: ${referenceOf(tip.id)} →`) : null,
  );
}
