// The queue, as it is kept in this document's memory while the key is open: what has changed since it
// was asked for last is all that is asked for when one comes back to it.

/** The queue as it is now, and the names that go with it. What `desk.queue` holds is not touched. */
export async function queueNow(desk) {
  const queue = await latest(desk);
  await desk.trust?.learn(queue);
  return queue;
}

async function latest(desk) {
  const withClosed = Boolean(desk.wishes.withClosed);
  if (desk.queue?.withClosed === withClosed) {
    const changes = await changesSince(desk.api, desk.queue);
    // It may have been locked meanwhile, or a step may have been taken.
    if (changes && desk.queue?.withClosed === withClosed) return caughtUp(desk.queue, changes);
  }
  return { ...(await desk.api.queue(withClosed)), withClosed };
}

/** The answers to what has changed; null where the keyring is another or they lead nowhere: all is asked for. */
async function changesSince(api, { since, withClosed, keyring }) {
  const changes = [];
  do {
    const answer = await api.changes(changes.at(-1)?.since ?? since, withClosed);
    const { serial, hash, fault } = answer.keyring;
    if (serial !== keyring.serial || hash !== keyring.hash) return null;
    if (fault?.error !== keyring.fault?.error) return null;
    const from = changes.at(-1)?.since ?? since;
    if (!answer.is_all && !(answer.since > from)) return null;
    changes.push(answer);
  } while (!changes.at(-1).is_all);
  return changes;
}

function caughtUp(kept, changes) {
  const tips = new Map(kept.tips.map((tip) => [tip.id, tip]));
  for (const answer of changes) {
    for (const id of answer.gone) tips.delete(id);
    for (const tip of answer.tips) {
      const known = tips.get(tip.id);
      if (!known || known.version <= tip.version) tips.set(tip.id, tip);
    }
  }
  const { keyring: _same, tips: _changed, gone: _gone, is_all: _all, ...now } = changes.at(-1);
  return { ...kept, ...now, tips: [...tips.values()] };
}
