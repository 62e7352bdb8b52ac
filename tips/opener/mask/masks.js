// Which words of a tip are masked, and on which ground: places in its texts.
const LETTER = "[\\p{L}\\p{N}\\p{M}\\p{Cs}_]";
const MOST_AROUND = 100; // letters of a word about it
const LEAST_TOLD = 3; // letters: what is shorter stands in too many words

const isLetter = (text, at) => new RegExp(LETTER, "u").test(text[at] ?? "");
const literally = (word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
const pattern = (words) => words.split(/\s+/).map(literally).join("\\s+");
const overlaps = (one, other) => one.from < other.to && other.from < one.to;

export class Masks {
  isUnsaved = false; // since it was masked last, or printed
  #texts;
  #marks = new Map(); // id of a text -> [{ from, to, ground }], in their order

  /** `texts`: what may be masked, by the id of each. */
  constructor(texts) {
    this.#texts = texts;
    for (const id of texts.keys()) this.#marks.set(id, []);
  }

  /** The masked places of a text, each with its words. */
  of(id) {
    const text = this.#texts.get(id);
    return this.#marks.get(id).map((mark) => ({ ...mark, words: text.slice(mark.from, mark.to) }));
  }

  /** Masks the words in which these letters stand, also elsewhere if wished for; whether there are any. */
  add(id, from, to, ground, isEverywhere) {
    const place = wholeWords(this.#texts.get(id), from, to);
    if (!place) return false;
    const words = this.#texts.get(id).slice(place.from, place.to);
    if (isEverywhere) {
      const alike = new RegExp(`(?<!${LETTER})${pattern(words)}(?!${LETTER})`, "giu");
      for (const other of this.#texts.keys()) {
        for (const found of this.#found(other, alike)) this.#mark(other, { ...found, ground });
      }
    }
    this.#mark(id, { ...place, ground });
    return true;
  }

  remove(id, { from }) {
    this.isUnsaved = true;
    this.#marks.set(
      id,
      this.#marks.get(id).filter((mark) => mark.from !== from),
    );
  }

  /** Longer words in this text, not masked, in which something stands that is masked anywhere. */
  left(id) {
    const masked = [...this.#texts.keys()].flatMap((other) => this.of(other));
    const words = new Set(masked.map((each) => each.words).filter(({ length }) => length >= LEAST_TOLD));
    const around = [...words].map((each) => new RegExp(`${LETTER}{0,${MOST_AROUND}}${pattern(each)}${LETTER}{0,${MOST_AROUND}}`, "giu"));
    const found = around.flatMap((each) => this.#found(id, each));
    const open = found.filter((place) => !this.#marks.get(id).some((mark) => overlaps(mark, place)));
    return [...new Set(open.map(({ from, to }) => this.#texts.get(id).slice(from, to)))];
  }

  /** The text as it may be handed out: what stands open as text, and in place of the rest its ground. */
  pieces(id) {
    const text = this.#texts.get(id);
    const pieces = [];
    let at = 0;
    for (const { from, to, ground } of this.#marks.get(id)) {
      pieces.push(text.slice(at, from), { ground });
      at = to;
    }
    return [...pieces, text.slice(at)].filter((piece) => piece !== "");
  }

  #found = (id, regexp) =>
    [...this.#texts.get(id).matchAll(regexp)].map(({ 0: words, index }) => ({
      from: index,
      to: index + words.length,
    }));

  /** Nothing that is masked is uncovered by another mark: where they meet they are one. */
  #mark(id, mark) {
    this.isUnsaved = true;
    const marks = this.#marks.get(id);
    const met = [mark, ...marks.filter((other) => overlaps(other, mark))];
    const from = Math.min(...met.map((each) => each.from));
    const to = Math.max(...met.map((each) => each.to));
    const others = marks.filter((other) => !met.includes(other));
    this.#marks.set(
      id,
      [...others, { ...mark, from, to }].sort((one, other) => one.from - other.from),
    );
  }
}

function wholeWords(text, first, last) {
  const chosen = text.slice(first, last);
  let from = first + chosen.length - chosen.trimStart().length;
  let to = last - chosen.length + chosen.trimEnd().length;
  if (from >= to) return null;
  while (isLetter(text, from - 1) && isLetter(text, from)) from -= 1;
  while (isLetter(text, to) && isLetter(text, to - 1)) to += 1;
  return { from, to };
}
