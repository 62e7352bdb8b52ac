// Under the forms of the CMS: a press waits for the saving by itself that is under way. It may make the
// page, and gives the form another address then.
"use strict";

{
  const LONGEST_MS = 10000;
  let waits = false;

  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    const autosave = window.wagtail?.app?.getControllerForElementAndIdentifier(form, "w-autosave");
    if (!autosave || event.defaultPrevented) return;
    if (waits) {
      event.preventDefault();
    } else if (autosave.activeValue && autosave.submitPromise) {
      event.preventDefault();
      waits = true;
      await Promise.race([
        autosave.submitPromise,
        new Promise((resolve) => setTimeout(resolve, LONGEST_MS)),
      ]);
      waits = false;
      autosave.activeValue = false; // what is typed now goes with the press
      if (submitter) submitter.disabled = false; // or else it is not sent
      form.requestSubmit(submitter);
    } else {
      autosave.activeValue = false;
    }
  });
}
