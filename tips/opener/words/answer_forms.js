// What the server answers in a form of its own, and is shown as it is: in another form it may be a stranger's words.

// As tips/handling/register_numbers.py takes them in.
const REGISTER_NO = "(?:\\p{Lu}{1,8} )?20\\d\\d-[1-9]\\d{0,5}(?:-[1-9]\\d?)?";
const FORMS = {
  register_no: new RegExp(`^${REGISTER_NO}$`, "u"),
  decision: new RegExp(`^(?:RA-(?:MS|FS) (?:19|20)\\d\\d:[1-9]\\d{0,2}|${REGISTER_NO})$`, "u"),
  ring_no: /^\d{1,9}$/,
  reference: /^[0-9A-Z]{4}-[0-9A-Z]{4}$/,
  hash: /^[0-9a-f]{64}$/,
};
const NUMBERS = new Set(
  "seq older serial keyring_serial number count left in_queue overdue urgent_hours normal_hours".split(" "),
);

/** The value of a member of this name; nothing in the place of one that does not have its form. */
export function inItsForm(name, value) {
  if (NUMBERS.has(name)) return Number.isFinite(value) ? value : 0;
  if (!Object.hasOwn(FORMS, name)) return value;
  return FORMS[name].test(value) ? value : "";
}
