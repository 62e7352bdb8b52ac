// Which names and ids may stand in a keyring, and which can be taken for one another: the server's half is
// tips/sealing/likeness.py.
const NAME = /^[A-Za-zÅÄÖÆØÉÈÜÁČĐŊŠŦŽåäöæøéèüáčđŋšŧž '-]{1,100}$/;
const ID = /^[a-z0-9-]{2,32}$/;
const WITHOUT_MARKS = { æ: "ae", ø: "o", đ: "d", ŋ: "n", ŧ: "t" };
const TAKEN_FOR = [["rn", "m"], ["vv", "w"], ["i", "l"], ["1", "l"], ["0", "o"]];

export const isName = (text) => NAME.test(text) && text === text.trim() && skeleton(text) !== "";

export const isId = (text) => ID.test(text) && skeleton(text) !== "";

/** What is left of a name or an id by sight: two that are the same here are not told apart. */
export function skeleton(text) {
  const lowered = text.toLowerCase().replace(/[æøđŋŧ]/g, (letter) => WITHOUT_MARKS[letter]);
  const letters = lowered.normalize("NFD").replace(/[^a-z0-9]/g, "").replace(/[0-9]+$/, "");
  return TAKEN_FOR.reduce((text, [seen, other]) => text.replaceAll(seen, other), letters);
}
