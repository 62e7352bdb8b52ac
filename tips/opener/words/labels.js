// What the page says of what the server answers as codes. Nothing that the server has written is shown: it may be a
// stranger's.
import { COMMON } from "./texts.js";

let words = null;

/** The word or sentence for the code that these make; nothing where the page has none. */
export function wordOf(...code) {
  const template = () => [...document.getElementById("ord").content.children];
  words ??= new Map(template().map(({ dataset, textContent }) => [dataset.code, textContent]));
  return words.get(code.join("/"));
}

/** What it is called, such as `labelOf("state", "read")`; one general word where it is none of ours. */
export const labelOf = (...code) => wordOf(...code) ?? COMMON.unknown;

/** What is said beneath a field; nothing where there is nothing to say. */
export const hintOf = (name) => wordOf("hint", name) ?? "";
