// A view that needs no key: its heading stands at once, and below it what the server answers.
import { h } from "./dom.js";
import { alarm } from "./forms.js";
import { Conflict } from "./server.js";

/** `ask()` is answered by the server; `show(answer, view, stands)` makes elements of it, and of how the desk stands. */
export function pageView(desk, { heading, lead = "", isNarrow = false, ask, show }) {
  const place = h("div", {});
  const view = {
    title: heading,
    elements: [
      h(
        "div",
        { class: isNarrow ? "desk-narrow" : null },
        h("h1", {}, heading),
        lead ? h("p", { class: "lead desk-narrow" }, lead) : null,
        place,
      ),
    ],
    /** Shows how it stands now; what must be said `first` gets the focus. */
    async begin(first = null) {
      let shown;
      try {
        const [answer, stands] = await Promise.all([ask(), desk.api.stands()]);
        await desk.trust.learn(stands);
        desk.meet();
        shown = await show(answer, view, stands);
      } catch (error) {
        if (desk.isShowing(view)) place.replaceChildren(desk.explain(error, again));
        return;
      }
      if (!desk.isShowing(view)) return;
      place.replaceChildren(...[first, ...shown].filter(Boolean));
      first?.focus();
    },
    /** Does what was asked, and shows how it stands then, also where somebody else came first. */
    async act(done, said) {
      try {
        await done();
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        desk.say(""); // what was said of one's own act is not so any more
        await view.begin(alarm("danger", null, h("p", {}, error.message)));
        return;
      }
      if (desk.isShowing(view)) await desk.show({ said, stays: true });
    },
  };
  const again = () => {
    desk.focusHeading();
    return view.begin();
  };
  return view;
}
