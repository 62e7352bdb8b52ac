// What can be done with a tip: the steps that the server offers, as one form.
import { Conflict } from "../page_parts/server.js";
import { h, shown, uniqueId } from "../page_parts/dom.js";
import { alarm, field, quiet, select } from "../page_parts/forms.js";
import { happened } from "../words/happened.js";
import { hintOf, labelOf } from "../words/labels.js";
import { signedAct } from "../trust/statement.js";
import { STEPS } from "../words/texts.js";

export function stepsSection(desk, view, answer, renew) {
  const place = h("div", {});
  const typed = {}; // what has been filled in, by the name of the need; kept whatever happens
  const state = { chosen: null, steps: answer.steps, isTaking: false };
  const said = h("div", {});

  // Whom it can be given to is called as in the keyring.
  const called = (step, { name, choices, ...need }) => ({
    ...need,
    name,
    choices: choices.map((value) => ({
      value,
      label: name === "assignee" ? desk.nameOf(value) : labelOf("choice", step, value),
    })),
  });
  const named = ({ name, needs }) => ({ name, needs: needs.map((need) => called(name, need)) });
  const build = () => {
    if (!state.steps.length) {
      place.replaceChildren(h("p", { class: "desk-quiet" }, STEPS.none));
      return;
    }
    const choices = state.steps.map((step) => stepChoice(named(step), typed, state));
    const chooseFault = h("p", {
      class: "desk-field__error",
      hidden: true,
      id: uniqueId("valfel"),
    });
    const submit = h("button", { type: "submit", class: "button" }, STEPS.take);
    const form = h(
      "form",
      { class: "desk-form desk-steps", novalidate: true, autocomplete: "off" },
      h(
        "fieldset",
        { "aria-describedby": chooseFault.id },
        h("legend", { class: "desk-field__label" }, STEPS.choose),
        chooseFault,
        choices.map(({ element }) => element),
      ),
      h("div", { class: "desk-form__actions" }, submit),
    );
    // A radio button is not told when another one takes its place.
    form.addEventListener("change", () => {
      for (const choice of choices) choice.show();
      state.chosen = choices.find(({ radio }) => radio.checked)?.step.name ?? null;
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (state.isTaking) return;
      const choice = choices.find(({ radio }) => radio.checked);
      chooseFault.hidden = Boolean(choice);
      chooseFault.textContent = choice ? "" : STEPS.notChosen;
      if (!choice) choices[0].radio.focus();
      else if (choice.isComplete()) take(choice, submit);
    });
    place.replaceChildren(form);
  };

  const take = async (choice, submit) => {
    state.isTaking = true;
    submit.setAttribute("aria-disabled", "true");
    said.replaceChildren();
    desk.say(STEPS.taking);
    try {
      await shown(); // the first signature takes a moment, during which nothing moves
      const signed = await signedAct(desk, choice.step.name, [answer.tip], choice.value());
      const now = await desk.api.actOn(answer.tip.id, signed);
      if (!desk.isShowing(view)) return;
      for (const { name } of choice.step.needs) delete typed[name];
      state.chosen = null;
      state.steps = now.steps;
      renew(now);
      build();
      desk.say(STEPS.taken(labelOf("done", now.events.at(-1).verb)));
      heading.focus();
    } catch (error) {
      if (!desk.isShowing(view)) return;
      desk.say("");
      const box =
        error instanceof Conflict ? overtaken(error, choice.step) : desk.explain(error);
      said.replaceChildren(box);
      box.focus();
      submit.removeAttribute("aria-disabled");
    } finally {
      state.isTaking = false;
    }
  };

  /** Says what somebody else has done meanwhile, and lets the reader decide anew. */
  const overtaken = ({ answer: now, message }, step) => {
    const last = Math.max(0, ...answer.events.map(({ seq }) => seq));
    const events = (now.events ?? []).filter(({ seq }) => seq > last);
    const isLeft = (now.steps ?? state.steps).some(({ name }) => name === step.name);
    renew(now);
    state.steps = now.steps ?? state.steps;
    if (!isLeft) state.chosen = null;
    build();
    return alarm(
      "warning",
      STEPS.conflict,
      h("p", {}, events.length ? STEPS.conflictText : message),
      h(
        "ul",
        { class: "desk-steps__events" },
        events.map((event) => h("li", {}, happened(desk, event))),
      ),
      h("p", {}, isLeft ? STEPS.conflictKept : STEPS.conflictGone(labelOf("step", step.name))),
    );
  };

  const heading = h("h2", { id: "steg", tabindex: "-1" }, STEPS.heading);
  build();
  return h(
    "section",
    { class: "desk-tip__steps", "aria-labelledby": "steg" },
    heading,
    said,
    place,
  );
}

/** A step as a radio button, with the fields that it needs under it while it is chosen. */
function stepChoice(step, typed, state) {
  const id = uniqueId("steg");
  const radio = h("input", {
    type: "radio",
    name: "steg",
    value: step.name,
    id,
    autocomplete: "off",
  });
  radio.checked = state.chosen === step.name;
  const needs = step.needs.map((need) => needField(need, typed));
  const box = h(
    "div",
    { class: "desk-steps__needs" },
    needs.map(({ element }) => element),
  );
  const choice = {
    step,
    radio,
    value: () => needs[0]?.value() ?? "", // a step needs one thing at most
    isComplete: () => {
      const lacking = needs.filter((need) => need.lacks());
      lacking[0]?.control.focus();
      return !lacking.length;
    },
    show: () => {
      box.hidden = !radio.checked;
    },
    element: h(
      "div",
      { class: "desk-steps__step" },
      h("div", { class: "desk-check" }, radio, h("label", { for: id }, labelOf("step", step.name))),
      needs.length ? box : null,
    ),
  };
  choice.show();
  return choice;
}

function needField({ name, type, choices }, typed) {
  const label = labelOf("need", name);
  const control =
    type === "choice"
      ? select([{ value: "", label: STEPS.choice }, ...choices])
      : h("input", quiet({ type: "text" }));
  control.value = typed[name] ?? "";
  const keep = () => {
    typed[name] = control.value;
  };
  control.addEventListener("input", keep);
  control.addEventListener("change", keep);
  const { element, fault } = field(label, control, { hint: hintOf(name) });
  return {
    name,
    control,
    element,
    value: () => control.value.trim(),
    lacks: () => {
      const isLacking = !control.value.trim();
      fault(isLacking ? STEPS.missing(label) : "");
      return isLacking;
    },
  };
}
