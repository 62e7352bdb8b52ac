// Starts what Wagtail starts by inline scripts, which the policy of the CMS refuses: in the same moment,
// when the element stands in the page, also where it came later. Only what is named here.
"use strict";

{
  const functions = ["initDateChooser", "initDateTimeChooser", "initTimeChooser"];
  const classes = ["DocumentChooser", "ImageChooser", "PageChooser", "SnippetChooser"];

  class Start extends HTMLElement {
    connectedCallback() {
      const { name, values } = this.dataset;
      this.remove(); // what is moved within the page must not start again
      if (functions.includes(name)) window[name](...JSON.parse(values));
      if (classes.includes(name)) new window[name](...JSON.parse(values));
    }
  }

  // Whoever is asked for words goes on where those that stand there end.
  addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea[autofocus]")) target.selectionStart = target.value.length;
  });

  customElements.define("cms-start", Start);
}
