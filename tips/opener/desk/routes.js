// Which view an address of the desk shows.
import { accessView } from "../keys/access.js";
import { eventsView } from "../views/events_view.js";
import { keyView } from "../keys/key_view.js";
import { maskView } from "../mask/mask_view.js";
import { purgeView } from "../views/purge_view.js";
import { queueView } from "../queue/queue.js";
import { registerView } from "../views/register_view.js";
import { stopView } from "../views/stop_view.js";
import { tipView } from "../tip/tip.js";

// By the path below the desk's own: what shows nothing of any tip's content.
const PAGES = {
  "nycklar/": accessView,
  "gallring/": purgeView,
  "register/": registerView,
  "handelser/": eventsView,
  "stopp/": stopView,
};
const TIP = /^tips\/([0-9a-f-]{36})\/$/;

export const isPage = (path) => Object.hasOwn(PAGES, path);
export const isOurs = (path) => path === "" || TIP.test(path) || isPage(path);

/** The view; the form that opens the key where none is open, and `why` it has come in its place. */
export function viewAt(desk, path, why) {
  if (!desk.key) return keyView(desk, why);
  if (isPage(path)) return PAGES[path](desk);
  const [, id] = TIP.exec(path) ?? [];
  if (id) return (location.hash === "#maskera" ? maskView : tipView)(desk, id);
  return queueView(desk);
}
