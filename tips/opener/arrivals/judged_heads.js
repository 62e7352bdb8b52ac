// Whether the queue's heads are what the intake has signed: whoever has the server may seal one as well.

/** Takes away what stands in those that are not; whether there were any. */
export async function judgeHeads({ arrivals, heads }, tips) {
  const open = tips.filter(({ id }) => heads.get(id)?.head);
  const asked = open.map(({ id }) => ({ id, payload: heads.get(id).payload }));
  const faults = await arrivals.faultsOf(asked);
  for (const [id, fault] of faults) heads.set(id, { fault, isForged: true });
  return faults.size > 0;
}
