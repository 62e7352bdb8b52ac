// What is written in the form, and what has to be done before it can be sent.
import { ASKED } from "../words/questions.js";

const TEXTS = ASKED.filter(([, kind]) => kind === "text").map(([name]) => name);

export const control = (name) => document.getElementById(`id_${name}`);
export const chosenFiles = () => [...control("files").files];
// Half a surrogate pair is no character.
const whole = (text) => new TextDecoder().decode(new TextEncoder().encode(text));

const ANSWERS = {
  text: ({ value }) => value.trim() && whole(value),
  choice: ({ name }) => document.querySelector(`input[name=${name}]:checked`)?.value,
  mark: ({ checked, value }) => checked && value,
};

/** What has been filled in, by the names that are sealed. */
export function filledIn() {
  const answers = ASKED.map(([name, kind]) => [name, ANSWERS[kind](control(name))]);
  return Object.fromEntries(answers.filter(([, answer]) => answer));
}

/** What is wrong: the name of a field, which words say so, and what stands in them. */
export function faults() {
  const found = [];
  if (!control("text").value.trim()) found.push(["text", "required", {}]);
  for (const name of TEXTS) {
    const limit = Number(control(name).dataset.longest);
    const { length } = [...control(name).value];
    if (length > limit) found.push([name, "long", { limit, length }]);
  }
  const { most, largest, total } = control("files").dataset;
  const files = chosenFiles();
  for (const { name, size } of files) {
    if (size > Number(largest)) found.push(["files", "large", { name }]);
  }
  if (files.length > Number(most)) found.push(["files", "many", {}]);
  if (files.reduce((sum, { size }) => sum + size, 0) > Number(total)) {
    found.push(["files", "total", {}]);
  }
  return found;
}

/** Empties the form, of files too. */
export function empty() {
  document.querySelector("form").reset();
}
