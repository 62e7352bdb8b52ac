// That a masked copy leaves the agency: its handler signs it, as every step.
import { Conflict, Refused } from "../page_parts/server.js";
import { signedAct } from "../trust/statement.js";

/** Says in the log of the tip that the copy with this hash is handed out; throws where that cannot be said. */
export async function handedOut(desk, tip, hash) {
  try {
    const { tip: now } = await desk.api.actOn(tip.id, await signedAct(desk, "masked", [tip], hash));
    Object.assign(tip, now);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    Object.assign(tip, error.answer.tip); // whoever prints again has been told
    throw new Refused(error.message);
  }
}
