// All that was written in a tip, once it is known to be what the intake has signed.
import { fromBase64 } from "../age/age.js";
import { contentOf, digestOfFiles, openBody } from "./envelope.js";
import { sealedFault } from "./shown.js";
import { NotBelieved } from "../trust/trust.js";
import { COMMON } from "../words/texts.js";

/**
 * The tip's `body`, else why it cannot be shown, as `fault`. Where the body's list of files is not as it was
 * signed, the `files` themselves are asked for; without them such a tip is not shown.
 */
export async function openedBody(desk, { id, head, body: sealed, arrival }, files = null) {
  if (!head || !sealed) return { fault: COMMON.missing };
  const [sealedHead, sealedBody] = [fromBase64(head), fromBase64(sealed)];
  let body;
  try {
    body = await openBody(desk.key, id, sealedHead, sealedBody);
  } catch (error) {
    return { fault: sealedFault(error) };
  }
  const content = contentOf(id, sealedHead, sealedBody, body);
  const fetched = (file) => desk.api.file(id, file);
  const ids = files?.map((file) => file.id);
  const digestThere = ids && (() => digestOfFiles(sealedHead, sealedBody, ids, fetched));
  const { fault, ...signed } = await signedAs(desk, arrival, content, body, digestThere);
  return fault ? { fault, isForged: true } : { body, ...signed };
}

/** What the intake has signed of it; where no keyring is believed, that cannot be told. */
async function signedAs(desk, ...opened) {
  try {
    return await desk.arrivals.checked(...opened);
  } catch (error) {
    if (error instanceof NotBelieved) return { isUntested: true };
    throw error;
  }
}
