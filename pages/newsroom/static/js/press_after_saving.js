// Under the forms of the CMS: a press waits for the last letters, which the editor of texts writes into its field
// after a moment, and for the saving by itself that is under way, which may give the form another address.
"use strict";

{
  const LONGEST_MS = 10000;
  const EDITOR_MS = 600; // Wagtail's editor waits 250 after it has drawn
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  let waits = false;
  let written = 0;

  const noteTime = ({ target }) => {
    if (target.isContentEditable) written = performance.now() + EDITOR_MS;
  };
  document.addEventListener("keydown", noteTime, true);
  document.addEventListener("beforeinput", noteTime, true);

  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    const autosave = window.wagtail?.app?.getControllerForElementAndIdentifier(form, "w-autosave");
    if (!autosave || event.defaultPrevented) return;
    const saves = autosave.activeValue && autosave.submitPromise;
    const left = written - performance.now();
    if (waits) {
      event.preventDefault();
    } else if (left > 0 || saves) {
      event.preventDefault();
      waits = true;
      await Promise.all([pause(left), Promise.race([saves, pause(LONGEST_MS)])]);
      waits = false;
      autosave.activeValue = false; // what is typed now goes with the press
      if (submitter) submitter.disabled = false; // or else it is not sent
      form.requestSubmit(submitter);
    } else {
      autosave.activeValue = false;
    }
  });
}
