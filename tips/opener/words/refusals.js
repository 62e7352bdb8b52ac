// Why the server refuses, and what is wrong with its event log, in sentences that stand in the page: it answers a
// code, and maybe a day or a number.
import { written } from "./dates.js";
import { wordOf } from "./labels.js";
import { COMMON } from "./texts.js";

const SLOTS = {
  "%(day)s": { name: "day", form: /^\d{4}-\d\d-\d\d$/, shown: written },
  "%(seq)s": { name: "seq", form: /^\d{1,15}$/, shown: String },
};

/** What to say of it. Nothing that the server has written is shown: it may be a stranger's. */
export function refusalIn(answer) {
  const said = wordOf(answer.error);
  if (!said) return COMMON.refused;
  const slot = Object.keys(SLOTS).find((each) => said.includes(each));
  if (!slot) return said;
  const { name, form, shown } = SLOTS[slot];
  return form.test(answer[name]) ? said.replace(slot, shown(answer[name])) : COMMON.refused;
}
