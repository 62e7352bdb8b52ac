// What the page of the form shows. Every sentence stands in the page: here they are chosen.
import { control } from "./tip_fields.js";

const summary = document.getElementById("fel");
const onItsWay = document.getElementById("pa_vag");
const status = document.querySelector("form [role=status]");
const place = document.getElementById("skicka");
const questions = document.querySelector("form > fieldset");

/** The words with this name; `{slots}` in them are filled. */
function words(name, slots = {}) {
  const { textContent } = document.querySelector(`[data-says="${name}"]`);
  return textContent.replace(/\{(\w+)\}/g, (slot, key) =>
    // Whatever the direction of a file's name, it turns nothing beside it.
    key in slots ? `\u2068${slots[key]}\u2069` : slot,
  );
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function showView(name) {
  for (const view of document.querySelectorAll("[data-view]")) view.hidden = view.dataset.view !== name;
  document.querySelector(`[data-view=${name}] h1`).focus();
  scrollTo(0, 0);
}

/** The form is open: there is a button to send with. */
export function showForm() {
  const button = element("button", "button", words("send"));
  button.type = "submit";
  place.replaceChildren(button);
  onItsWay.hidden = true;
  status.textContent = "";
  questions.disabled = false;
  document.getElementById("forseglas").hidden = false;
  document.getElementById("forbereds").hidden = true;
}

const WRONG_HERE = ["program", "clock"]; // the form is open, but not to this device

export function showClosed(code) {
  if (WRONG_HERE.includes(code)) {
    document.querySelector("[data-view=closed] h1").textContent = words("not here");
  }
  document.querySelector("[data-view=closed] .lead").textContent = words(code);
  // Only a browser that cannot seal is led there: not one that has no keys to believe.
  document.querySelector("[data-without-script]").hidden = code !== "program";
  questions.disabled = true;
  showView("closed");
}

/** Something is being done with what is written, which stands still meanwhile; it can be stopped. */
export function showWork(name, stop) {
  clearFaults();
  questions.disabled = true;
  onItsWay.hidden = false;
  status.textContent = words(name);
  showProgress(0);
  if (place.querySelector("[type=button]")) return;
  const button = element("button", "button button--quiet", words("stop"));
  button.type = "button";
  button.addEventListener("click", stop);
  place.replaceChildren(button);
  button.focus();
}

export function showProgress(part) {
  onItsWay.querySelector("progress").value = part;
}

export function showReceived(reference) {
  document.querySelector(".tips__reference").textContent = reference;
  showView("received");
}

/** What has to be done before the tip is sent: at a field each, or with the whole. */
export function showFaults(found, { withNumbers = false } = {}) {
  clearFaults();
  const list = summary.querySelector("ul");
  for (const [name, code, slots] of found) {
    const text = words(code, slots);
    const row = document.createElement("li");
    if (name) {
      const link = element("a", "", `${labelOf(name)} ${text}`);
      link.href = `#id_${name}`;
      row.append(link);
      mark(control(name), text);
    } else {
      row.textContent = text;
    }
    list.append(row);
  }
  summary.querySelector("[data-numbers]").hidden = !withNumbers;
  summary.hidden = false;
  summary.focus();
}

function labelOf(name) {
  const label = document.querySelector(`label[for=id_${name}]`).firstChild.textContent.trim();
  return label.endsWith("?") ? label : `${label}:`;
}

function mark(field, text) {
  const id = `${field.id}_error`;
  const known = document.getElementById(id);
  if (known) {
    known.textContent += ` ${text}`;
    return;
  }
  const said = element("p", "form__error", text);
  said.id = id;
  field.before(said);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${id} ${field.getAttribute("aria-describedby") ?? ""}`.trim());
  field.closest(".form__field").classList.add("form__field--wrong");
}

function clearFaults() {
  summary.hidden = true;
  summary.querySelector("ul").replaceChildren();
  for (const said of document.querySelectorAll("form .form__error")) {
    const field = document.getElementById(said.id.replace(/_error$/, ""));
    field.removeAttribute("aria-invalid");
    const described = field.getAttribute("aria-describedby").replace(said.id, "").trim();
    if (described) field.setAttribute("aria-describedby", described);
    else field.removeAttribute("aria-describedby");
    field.closest(".form__field").classList.remove("form__field--wrong");
    said.remove();
  }
}
