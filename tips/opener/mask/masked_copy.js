// The page that is handed out: it is made of what is not masked, and nothing else is in it.
import { digest } from "../age/age.js";
import { today, written } from "../words/dates.js";
import { foreign, h } from "../page_parts/dom.js";
import { notice } from "../page_parts/forms.js";
import { acting } from "../page_parts/sheet.js";
import { handedOut } from "./handed_out.js";
import { MASK } from "../words/mask_words.js";

/**
 * `parts` are what was written, and `files` what came along: each `{ id, label }`, a file with its `ground` if it is
 * masked and its `picture` if it is given. Until the log knows that it is handed out it comes on no paper.
 */
export function maskedCopy(desk, tip, masks, parts, files, change) {
  const grounds = [];
  const mark = (ground) => {
    if (!grounds.includes(ground)) grounds.push(ground);
    return h("span", { class: "desk-masked__word" }, MASK.masked(grounds.indexOf(ground) + 1));
  };
  const open = (id) =>
    masks.pieces(id).map((piece) => (piece.ground ? mark(piece.ground) : foreign(piece, "span")));
  const row = ({ id, label }) => h("div", {}, h("dt", {}, foreign(label)), h("dd", {}, open(id)));
  const file = ({ id, ground, picture }) =>
    h("li", {}, h("p", {}, open(id)), ground ? h("p", {}, mark(ground)) : (picture ?? h("p", {}, MASK.notHere)));
  const body = [
    h("p", {}, MASK.made(written(today()))),
    h("dl", { class: "desk-fields" }, parts.map(row)),
    files.length ? [h("h2", {}, MASK.files), h("ul", {}, files.map(file))] : null,
  ];
  const copy = h(
    "div",
    { class: "desk-masked desk-masked--unsaid" },
    body,
    h("h2", { id: "grunder" }, MASK.grounds),
    grounds.length
      ? h("ol", { "aria-labelledby": "grunder" }, grounds.map((ground, at) => h("li", {}, MASK.means(at + 1, ground))))
      : h("p", {}, MASK.none),
  );
  const given = files.filter(({ picture }) => picture).map(({ sha256 }) => sha256);
  const hash = digest(new TextEncoder().encode([copy.textContent, ...given].join("\n")));
  copy.append(h("p", { class: "desk-masked__hash" }, MASK.hash(hash)));
  let isSaid = false;
  const printed = async () => {
    const { key } = desk;
    if (!isSaid) await handedOut(desk, tip, hash);
    if (desk.key !== key) return;
    isSaid = true;
    masks.isUnsaved = false;
    copy.classList.remove("desk-masked--unsaid");
    print();
  };
  const left = [...parts, ...files].flatMap(({ id }) => masks.left(id));
  const check = left.length ? notice("warning", MASK.check, h("p", {}, MASK.left(left))) : null;
  const acts = [acting(MASK.print, printed), acting(MASK.change, change)];
  return [h("p", { class: "desk-masked__first" }, MASK.first), h("div", { class: "desk-mask__acts" }, check, acts), copy];
}
