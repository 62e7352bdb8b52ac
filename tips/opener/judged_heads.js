// Whether the queue's heads are what the intake has signed: whoever has the server may seal one as well.

/** Takes away what stands in those that are not; whether there were any. */
export async function judgeHeads({ arrivals, heads }, tips) {
  const open = tips.filter(({ id }) => heads.get(id)?.head);
  const faults = await arrivals.faultsOf(open.map((tip) => said(tip, heads.get(tip.id))));
  for (const [id, fault] of faults) heads.set(id, { fault, isForged: true });
  return faults.size > 0;
}

const said = ({ id, received_on: receivedOn }, { head, payload }) => ({
  id,
  payload,
  days: [head.received.slice(0, 10), receivedOn],
});
