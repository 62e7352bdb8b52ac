// Starts what Wagtail starts by inline scripts, which the policy of the CMS refuses, when the element stands
// in the page: only what is named here. And who is asked for words goes on behind those that stand there, and who
// types a time has the calendar away from the button below.
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

  addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea[autofocus]")) target.selectionStart = target.value.length;
  });

  addEventListener("input", ({ target }) => {
    if (window.jQuery?.(target).data("xdsoft_datetimepicker")) window.jQuery(target).datetimepicker("hide");
  });

  customElements.define("cms-start", Start);
}
