// A tip as the server has it now, and what was written in it.
import { openedBody } from "../content/opened_body.js";
import { queueNow } from "../queue/kept_queue.js";

/** The answer, and what was opened of it; the log then says who has read the tip. */
export async function openTip(desk, id) {
  desk.queue ??= await queueNow(desk); // with it comes the keyring
  const answer = await desk.api.open(id);
  const { tip, body, arrival, attachments } = answer;
  const opened = await openedBody(desk, { id, head: tip.head, body, arrival }, attachments);
  return { answer, opened };
}
