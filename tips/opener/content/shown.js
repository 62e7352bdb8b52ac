// How a tip's content is shown, in the desk and in the one file alike.
import { Damaged, WrongKey, digest, fromBase64, payloadOf } from "../age/age.js";
import { ARRIVALS, WAYS } from "../words/arrival_words.js";
import { button, foreign, h, safeName, save, shown } from "../page_parts/dom.js";
import { mayBePicture, openAttachment, openHead, pictureType } from "./envelope.js";
import { notice } from "../page_parts/forms.js";
import { pictureOf } from "./picture.js";
import { ASKED } from "../words/questions.js";
import { COMMON, FIELDS, FILES, TIP, VALUES, size } from "../words/texts.js";

/** Why something sealed cannot be shown. */
export const sealedFault = (error) =>
  error instanceof WrongKey ? COMMON.wrongKey : COMMON.damaged;

/**
 * What stands in the queue about a tip, as `head`, with the hash of what was signed of it, as
 * `payload`; else why it cannot be shown, as `fault`.
 */
export async function openedHead(key, tip) {
  if (!tip.head) return { fault: COMMON.missing };
  try {
    const sealed = fromBase64(tip.head);
    return { head: await openHead(key, tip.id, sealed), payload: digest(payloadOf(sealed)) };
  } catch (error) {
    return { fault: sealedFault(error) };
  }
}

/** Keeps what was opened, unless another was counted; the sealed octets are needed no more. */
export function keepHead(desk, tip, opened) {
  const isOther = opened.head && desk.arrivals.hasOtherHead({ id: tip.id, ...opened });
  desk.heads.set(tip.id, isOther ? { fault: ARRIVALS.exchanged, isForged: true } : opened);
  if (opened.head) delete tip.head;
}

/** Where a tip was sealed: as it was signed, else by its own word. */
export function wayOf(arrival, body) {
  const way = arrival?.way ?? body?.way;
  return Object.hasOwn(WAYS, way) ? WAYS[way] : null;
}

/** What its sender says of a tip and is not so, though nobody has changed it. */
export const falselySaid = ({ isMislisted, isOtherWay }) =>
  [isMislisted ? ARRIVALS.mislisted : null, isOtherWay ? ARRIVALS.otherWay : null]
    .filter(Boolean)
    .map((text) => notice("warning", null, h("p", {}, text)));

const EXCERPT_LENGTH = 120; // tips/sealing/envelope.py

/** The beginning of the text, with a sign that there is more. */
export const excerptOf = ({ excerpt }) =>
  [...excerpt].length < EXCERPT_LENGTH ? excerpt : `${excerpt.trimEnd()} …`;

const valueOf = (name, value) => VALUES[name]?.[value] ?? value;

const isAnswered = (value) => ![undefined, null, "", false].includes(value);

/** Each answer by its name, with what it is called and says. */
export function answersOf(fields) {
  const names = new Set([...Object.keys(FIELDS), ...Object.keys(fields)]);
  return [...names]
    .filter((name) => isAnswered(fields[name]))
    .map((id) => ({ id, label: FIELDS[id] ?? id, text: String(valueOf(id, fields[id])) }));
}

/** What was written, field by field, in the form's order; unknown fields come last. */
export function fieldList(fields) {
  const rows = answersOf(fields).map(({ label, text }) => [
    h("dt", {}, foreign(label)),
    h("dd", {}, foreign(text, "div")),
  ]);
  const unanswered = ASKED.filter(([name, kind]) => kind !== "mark" && !isAnswered(fields[name]));
  const names = unanswered.map(([name]) => FIELDS[name]).join(", ");
  return [
    h("dl", { class: "desk-fields" }, rows.map((row) => h("div", {}, row))),
    names && h("p", { class: "desk-quiet" }, `${TIP.notAnswered} ${names}.`),
  ];
}

export const fileName = (listed) => listed.name || FILES.unnamed;

/**
 * The files of a tip. `fetched(listed)` gives the sealed octets; `isOpen()` tells whether the key
 * still is: once it has been locked nothing more is opened, shown or saved.
 */
export function fileList(key, listed, given) {
  if (!listed.length) return [h("p", { class: "desk-quiet" }, FILES.none)];
  const warning = h("p", { class: "desk-files__warning" }, FILES.warning);
  return [
    warning,
    h("ul", { class: "desk-files" }, listed.map((file) => fileRow(key, file, given))),
  ];
}

function fileRow(key, listed, { fetched, isOpen, isThere = () => true }) {
  const state = h("p", { class: "desk-files__state", role: "status" });
  const place = h("div", { class: "desk-files__picture" });
  const name = fileName(listed);
  const say = (text, isFault = false) => {
    state.textContent = text;
    state.classList.toggle("desk-files__state--wrong", isFault);
  };
  const opened = async () => {
    say(FILES.opening);
    await shown();
    try {
      const sealed = await fetched(listed);
      if (!isOpen()) return null;
      const content = await openAttachment(key, listed, sealed);
      return isOpen() ? content : null;
    } catch (error) {
      if (error instanceof Damaged) say(FILES.damaged, true);
      else if (error instanceof WrongKey) say(COMMON.wrongKey, true);
      else say(error.explanation ?? COMMON.unreachable, true);
      return null;
    }
  };
  const openAndSave = async () => {
    const content = await opened();
    if (!content) return;
    save(content, safeName(listed.name, listed.id));
    say(FILES.saved);
  };
  const asked = (text, press) =>
    button(text, press, {}, h("span", { class: "desk-unseen" }, FILES.of(name)));
  const label = (text) => see.firstChild.replaceWith(text);
  const see = asked(FILES.show, async () => {
    if (place.firstChild) {
      place.replaceChildren();
      label(FILES.show);
      say("");
      return;
    }
    const content = await opened();
    if (!content) return;
    const type = pictureType(content);
    if (!type) {
      say(FILES.notPicture, true);
      return;
    }
    const picture = await pictureOf(content, type, FILES.alt(name), place);
    if (!isOpen()) return;
    if (!picture) {
      say(FILES.brokenPicture, true);
      return;
    }
    place.replaceChildren(picture);
    say("");
    label(FILES.hide);
  });
  const actions = isThere(listed)
    ? [asked(FILES.save, openAndSave), mayBePicture(listed) ? see : null]
    : h("span", { class: "desk-files__state--wrong" }, COMMON.missing);
  return h(
    "li",
    { class: "desk-files__file" },
    h("p", { class: "desk-files__name" }, foreign(name)),
    h("p", { class: "desk-quiet" }, foreign(listed.type || FILES.unknownType), ", ", size(listed.size)),
    h("div", { class: "desk-files__actions" }, actions),
    state,
    place,
  );
}
