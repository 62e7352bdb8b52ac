// The number that a tipster was shown (tips/sealing/reference.py).

/** The first forty bits of the tip's id, in letters that are not misread. What is no id has some, too. */
export function referenceOf(id) {
  const bits = BigInt(`0x${String(id).replaceAll(/[^0-9a-f]/gi, "").slice(0, 10) || "0"}`);
  const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const all = [35n, 30n, 25n, 20n, 15n, 10n, 5n, 0n].map(
    (at) => letters[Number((bits >> at) & 31n)],
  );
  return `${all.slice(0, 4).join("")}-${all.slice(4).join("")}`;
}
