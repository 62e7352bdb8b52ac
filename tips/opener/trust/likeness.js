// Which names and ids may stand in a keyring, and which can be taken for one another: the server's half is
// tips/sealing/likeness.py.
const NAME = /^[A-Za-zÅÄÖÆØÉÈÜÁČĐŊŠŦŽåäöæøéèüáčđŋšŧž '-]{1,100}$/;
const ID = /^[a-z0-9][a-z0-9-]{1,31}$/;
const WITHOUT_MARKS = { æ: "ae", ø: "o", đ: "d", ŋ: "n", ŧ: "t" };
const TAKEN_FOR = [["m", "rn"], ["w", "vv"], ["i", "l"], ["1", "l"], ["0", "o"]];

export const isName = (text) => NAME.test(text) && text === text.trim() && lettersOf(text) !== "";

export const isId = (text) => ID.test(text) && /[a-z]/.test(text);

/** What is left of a name or an id by sight: two texts of which one of these is the same are not told apart. */
export function looksOf(text) {
  const letters = lettersOf(text);
  return [bySight(letters.replace(/[0-9]+$/, "")), bySight(letters)];
}

function lettersOf(text) {
  const lowered = text.toLowerCase().replace(/[æøđŋŧ]/g, (letter) => WITHOUT_MARKS[letter]);
  return lowered.normalize("NFD").replace(/[^a-z0-9]/g, "");
}

const bySight = (letters) =>
  TAKEN_FOR.reduce((text, [seen, other]) => text.replaceAll(seen, other), letters);
