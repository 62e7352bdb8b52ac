// Masks words and pictures of a tip, and makes the page in which they are not.
import { cameAt, written } from "../words/dates.js";
import { button, foreign, h, shown, uniqueId } from "../page_parts/dom.js";
import { mayBePicture, openAttachment, pictureType } from "../content/envelope.js";
import { checkbox, field, notice, quiet, select } from "../page_parts/forms.js";
import { groundFields } from "./ground.js";
import { Masks } from "./masks.js";
import { maskedCopy } from "./masked_copy.js";
import { openTip } from "../tip/open_tip.js";
import { pictureOf } from "../content/picture.js";
import { referenceOf } from "../words/reference.js";
import { acting } from "../page_parts/sheet.js";
import { answersOf, fileName } from "../content/shown.js";
import { ARRIVALS } from "../words/arrival_words.js";
import { FIELDS, TIP } from "../words/texts.js";
import { MASK } from "../words/mask_words.js";

/** The text as it can be searched: what looks alike is written alike, and nothing unseen stands in it. */
const plainly = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").replace(/\p{Cf}/gu, "");

export function maskView(desk, id) {
  const title = MASK.heading(referenceOf(id));
  const place = h("div", {});
  const heading = h("h1", {}, title);
  const back = h("a", { href: desk.tipAddress(id) }, `← ${MASK.back}`);
  const view = {
    title,
    reads: id,
    elements: [
      h("article", { class: "desk-tip desk-narrow" }, h("p", { class: "desk-tip__back" }, back), heading, place),
    ],
    async begin() {
      try {
        const { answer, opened } = await openTip(desk, id);
        answer.tip.arrival = opened.arrival;
        if (!desk.isShowing(view)) return;
        const fault = opened.isUntested ? ARRIVALS.untested : opened.fault;
        if (fault) place.append(notice("danger", TIP.cannotOpen, h("p", {}, fault)));
        else marking(desk, view, place, heading, answer.tip, opened);
      } catch (error) {
        if (desk.isShowing(view)) place.append(desk.explain(error, () => desk.show()));
      }
    },
  };
  return view;
}

/** The texts with what can be done with them; they are taken away before the page is there. */
function marking(desk, view, place, heading, tip, { body, arrival }) {
  const came = written(cameAt(body.received, arrival?.on ?? tip.received_on));
  const answers = answersOf(body.fields).map(({ id, label, text }, at) => ({
    id,
    label: Object.hasOwn(FIELDS, id) ? label : MASK.otherField(at + 1), // what a stranger calls it could be a name
    text,
  }));
  const parts = [{ id: "came", label: TIP.received, text: came }, ...answers];
  const files = body.attachments.map((file, at) => ({ ...file, label: MASK.file(at + 1), text: fileName(file) }));
  const texts = [...parts, ...files].map(({ id, text }) => [id, plainly(text)]);
  const masks = new Masks(new Map(texts));
  view.isUnsaved = () => masks.isUnsaved;
  const ground = groundFields();
  const everywhere = checkbox(MASK.everywhere);
  everywhere.control.checked = true;
  const renew = () => boxes.forEach((box) => box.renew());
  const boxes = texts.map(([id, text], at) =>
    partBox(masks, ground, everywhere.control, renew, { id, text, label: [...parts, ...files][at].label }),
  );
  const pictures = files.map((file, at) => (mayBePicture(file) ? pictureChoice(file, at + 1, ground) : null));
  for (const [at, choice] of pictures.entries()) {
    if (choice) boxes[parts.length + at].element.append(choice.element);
  }
  const make = async () => {
    const undecided = pictures.find((choice) => choice && !choice.isDecided());
    if (undecided) return undecided.control.focus();
    desk.say(MASK.making);
    const given = [];
    for (const [at, file] of files.entries()) {
      const { value } = pictures[at]?.control ?? {};
      const picture = value === "give" ? await pictureIn(desk, tip, file, place) : null;
      given.push({ ...file, picture, ground: value === "hide" ? pictures[at].ground : null });
    }
    if (!desk.isShowing(view)) return;
    desk.say("");
    show(MASK.copy(referenceOf(tip.id)), maskedCopy(desk, tip, masks, parts, given, showMarking));
  };
  const form = [
    h("p", { class: "lead" }, MASK.lead),
    h("div", { class: "desk-form" }, ground.elements, everywhere.element),
    boxes.map(({ element }) => element),
    acting(MASK.make, make, { class: "button" }),
  ].flat();
  const show = (title, elements) => {
    heading.textContent = title;
    desk.entitle(title);
    place.replaceChildren(...elements);
    desk.focusHeading();
  };
  const showMarking = () => show(view.title, form);
  showMarking();
}

/** A text, whose words are chosen as in any other, by pointer or keys; and what is masked in it. */
function partBox(masks, ground, everywhere, renewAll, { id, label, text }) {
  const rows = Math.min(12, Math.ceil(text.length / 60) + text.split("\n").length - 1) || 1;
  const name = uniqueId("text");
  const still = { rows, "aria-labelledby": name, "aria-readonly": "true", inputmode: "none" };
  const box = h("textarea", quiet(still));
  box.value = text;
  // In a read-only box Chromium lets nobody choose words by keys.
  box.addEventListener("beforeinput", (event) => event.preventDefault());
  box.addEventListener("input", () => {
    box.value = text;
  });
  const said = h("p", { class: "desk-field__error", role: "status" });
  const list = h("ul", { class: "desk-mask__marks" });
  const renew = () => {
    const left = masks.left(id);
    said.textContent = left.length ? MASK.left(left) : "";
    list.replaceChildren(...masks.of(id).map(item));
  };
  const item = (mark) => {
    const remove = () => {
      masks.remove(id, mark);
      renewAll();
      box.focus();
    };
    const said = { "aria-label": MASK.removeOf(mark.words) };
    return h("li", {}, MASK.marked(mark.words), ` – ${mark.ground} `, button(MASK.remove, remove, said));
  };
  const mask = () => {
    const given = ground.given();
    if (!given) return;
    if (masks.add(id, box.selectionStart, box.selectionEnd, given, everywhere.checked)) renewAll();
    else said.textContent = MASK.selectFirst;
    box.focus();
  };
  const legend = h("legend", { class: "desk-field__label", id: name }, foreign(label));
  return {
    renew,
    element: h("fieldset", { class: "desk-mask__part" }, legend, box, button(MASK.mask, mask), said, list),
  };
}

function pictureChoice(file, number, ground) {
  const options = { "": MASK.choose, give: MASK.give, hide: MASK.hide };
  const made = select(Object.entries(options).map(([value, label]) => ({ value, label })));
  const { element, control, fault } = field(MASK.picture(number), made);
  const choice = {
    element,
    control,
    ground: null,
    isDecided() {
      fault(control.value ? "" : MASK.decide);
      return Boolean(control.value);
    },
  };
  control.addEventListener("change", () => {
    if (control.value === "hide") choice.ground = ground.given();
    if (control.value === "hide" && !choice.ground) control.value = "";
    fault("");
  });
  return choice;
}

/** The picture, drawn; what is none is not in the copy. */
async function pictureIn(desk, tip, file, place) {
  const { key } = desk;
  await shown();
  const content = await openAttachment(key, file, await desk.api.file(tip.id, file.id));
  const type = pictureType(content);
  return type ? pictureOf(content, type, file.label, place.lastChild) : null;
}
