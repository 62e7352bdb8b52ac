// Sizes that say little: the server's half is tips/sealing/envelope.py.
const SMALLEST = 4 * 1024;
const BODY_CLASSES = [SMALLEST, 16 * 1024, 64 * 1024, 256 * 1024];

export const HEAD_SIZE = 1024;

/** The size to which a file is padded: at most 12 % larger, and large sizes fall into few classes. */
export function paddedSize(size) {
  if (size < 2) return SMALLEST;
  const exponent = 31 - Math.clz32(size);
  const mask = 2 ** (exponent - (32 - Math.clz32(exponent))) - 1;
  return Math.max(SMALLEST, (size + mask) & ~mask);
}

/** The size to which a body is padded. */
export function bodySize(size) {
  const fitting = BODY_CLASSES.find((limit) => size <= limit);
  if (!fitting) throw new RangeError("larger than any body of the form");
  return fitting;
}
