// Who can open what is left from now on; and gives them access to older tips: headers are wrapped anew, here.
import { Conflict } from "../page_parts/server.js";
import { fromBase64, toBase64 } from "../age/age.js";
import { behindBox } from "../trust/behind.js";
import { inWords, withRing } from "../trust/desk_trust.js";
import { breath } from "../age/breath.js";
import { button, foreign, h } from "../page_parts/dom.js";
import { notice } from "../page_parts/forms.js";
import { queueNow } from "../queue/kept_queue.js";
import { signedAct } from "../trust/statement.js";
import { encode, hashOf } from "../trust/trust.js";
import { ACCESS, TIP } from "../words/texts.js";

const HEAD = "head.age"; // of which each in the keyring has one

export function accessView(desk) {
  const place = h("div", {});
  const view = {
    title: ACCESS.heading,
    elements: [
      h(
        "div",
        { class: "desk-access" },
        h("p", { class: "desk-tip__back" }, h("a", { href: desk.queueAddress() }, `← ${TIP.back}`)),
        h("h1", {}, ACCESS.heading),
        h("p", { class: "lead" }, ACCESS.lead),
        place,
      ),
    ],
    async begin() {
      try {
        desk.queue = await queueNow(desk);
      } catch (error) {
        if (desk.isShowing(view)) place.replaceChildren(desk.explain(error, () => desk.show()));
        return;
      }
      const { trust } = desk;
      const shown = (ring) =>
        trust.behind(ring) ? behindBox(trust, ring, () => desk.show()) : contents(desk, view, ring);
      if (desk.isShowing(view)) await withRing(desk, place, shown);
    },
    leave() {
      view.isStopped = true;
    },
  };
  return view;
}

/** Who will be able to open the tips: those in the keyring that was checked here, and no others. */
function contents(desk, view, ring) {
  const recipients = ring.entries.map(({ recipient }) => recipient);
  const progress = h("div", { class: "desk-access__progress" });
  const start = button(ACCESS.start, () => run(), { class: "button" });
  const run = async () => {
    start.hidden = true;
    view.isStopped = false;
    const stop = button(ACCESS.stop, () => {
      view.isStopped = true;
    });
    const bar = h("progress", { class: "desk-progress", max: 1, value: 0, "aria-hidden": "true" });
    const line = h("p", { role: "status" }, ACCESS.looking);
    const end = h("div", { tabindex: "-1" });
    progress.replaceChildren(line, bar, stop, end);
    stop.focus();
    const tell = (done, all) => {
      line.textContent = ACCESS.progress(done, all);
      bar.max = all || 1;
      bar.value = done;
    };
    const result = { done: 0, failed: 0 };
    try {
      await rewrapAll(desk, view, ring.serial, recipients, result, tell);
      line.textContent = view.isStopped ? ACCESS.stopped(result.done) : ACCESS.done(result.done);
    } catch (error) {
      if (!desk.isShowing(view)) return;
      line.textContent = ACCESS.stopped(result.done);
      const isChanged = error instanceof Conflict;
      end.append(
        isChanged
          ? notice(
              "warning",
              ACCESS.changed,
              h(
                "p",
                {},
                button(ACCESS.start, () => desk.show()),
              ),
            )
          : desk.explain(error, run),
      );
    }
    if (result.failed)
      end.append(notice("warning", null, h("p", {}, ACCESS.failed(result.failed))));
    stop.remove();
    bar.remove();
    end.focus();
  };
  return [
    ring.isDemo ? notice("warning", null, h("p", {}, ACCESS.demo)) : null,
    h(
      "ul",
      { class: "desk-access__names" },
      ring.entries.map(({ name }) => h("li", {}, foreign(name))),
    ),
    inWords(ring),
    h("h2", {}, ACCESS.older),
    h("p", {}, ACCESS.olderText),
    h("p", {}, ACCESS.compare),
    h("p", {}, start),
    progress,
  ];
}

/** What is signed of a header: which it is of, and a hash of its octets. */
const lineOf = ({ tip, name, header }) => `${tip} ${name} ${hashOf(fromBase64(header))}\n`;

/** Wraps every header that is left, lot by lot; what the key does not open is passed by. */
async function rewrapAll(desk, view, serial, recipients, result, tell) {
  const { key } = desk;
  const tried = new Set();
  const nameOf = ({ tip, name }) => `${tip}/${name}`;
  let after = "";
  let left = null;
  while (!view.isStopped) {
    const lot = await desk.api.headers(after);
    if (!lot.files.length) return;
    if (lot.serial !== serial) throw new Conflict(lot);
    const files = lot.files.filter((file) => !tried.has(nameOf(file)));
    if (!files.length) after = lot.files.at(-1).tip;
    const wrapped = [];
    for (const [n, file] of files.entries()) {
      // A tip is done when all its files have come together: none is sent by halves.
      const isNext = n === 0 || files[n - 1].tip !== file.tip;
      if (desk.key !== key || (view.isStopped && isNext)) break;
      tried.add(nameOf(file));
      try {
        const old = fromBase64(file.header);
        const header = await (file.name === HEAD
          ? key.rewrapToEach(old, recipients)
          : key.rewrap(old, recipients));
        wrapped.push({ tip: file.tip, name: file.name, header: toBase64(header) });
      } catch {
        result.failed += 1;
      }
      const done = result.done + wrapped.length;
      tell(done, Math.max(done, left === null ? files.length : left + result.done));
      await breath();
    }
    if (desk.key !== key) return;
    if (!wrapped.length) continue;
    const ids = new Set(wrapped.map(({ tip }) => tip));
    const tips = lot.tips.filter(({ id }) => ids.has(id));
    const signed = await signedAct(desk, "rewrap", tips, hashOf(encode(wrapped.map(lineOf).join(""))));
    ({ left } = await desk.api.rewrapped({ files: wrapped, ...signed }));
    result.done += wrapped.length;
  }
}
