// Makes elements. Nothing here, and nothing anywhere in this program, reads text as markup.

/** An element; strings among its children become text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, react] of Object.entries(value)) element.addEventListener(event, react);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== false));
  return element;
}

export const button = (text, press, attributes = {}, ...children) =>
  h(
    "button",
    { type: "button", class: "button button--quiet", on: { click: press }, ...attributes },
    text,
    children,
  );

// Control characters, marks that turn the direction of writing, and those that cannot be seen.
// Joiners are left alone: Persian and many emojis are written with them.
const UNSEEN =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u115F\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]|\p{Surrogate}/gu;

/** What a stranger has written, as text: it cannot turn what stands beside it, nor hide. */
export function foreign(text, tag = "bdi") {
  const plain = String(text ?? "").replace(/\r\n?/g, "\n");
  const parts = [];
  let from = 0;
  for (const match of plain.matchAll(UNSEEN)) {
    parts.push(plain.slice(from, match.index), unseen(match[0]));
    from = match.index + match[0].length;
  }
  parts.push(plain.slice(from));
  return h(
    tag,
    { class: "desk-foreign", dir: "auto" },
    parts.filter((part) => part !== ""),
  );
}

function unseen(character) {
  const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return h("span", { class: "desk-foreign__mark" }, `U+${code}`);
}

/** A name under which a file can be saved anywhere: no folders, nothing unseen. */
export function safeName(name, fallback) {
  const plain = String(name ?? "")
    .replace(UNSEEN, "")
    .replace(/[\u200C\u200D]/g, "")
    .split(/[\\/]/)
    .pop()
    .replace(/[<>:"|?*\n\t]/g, "_")
    .replace(/^[.\s~]+|[.\s]+$/g, "");
  return plain.slice(-120) || fallback;
}

/** Lets the browser save octets as a file; its address is forgotten at once. */
export function save(octets, name) {
  const address = URL.createObjectURL(new Blob([octets], { type: "application/octet-stream" }));
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Gives the browser time to show what has changed before something long begins. */
export const shown = () => new Promise((resolve) => setTimeout(resolve, 40));

let count = 0;
export const uniqueId = (word) => `${word}-${(count += 1)}`;
