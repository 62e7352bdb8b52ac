// What a head and a body must be to be shown: strangers have sealed them. Python's half is
// tips/sealing/envelope.py.
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const MOMENT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):(00|15|30|45)$/;

const isText = (value) => typeof value === "string";
const areTexts = (...values) => values.every(isText);
const areCounts = (...values) => values.every((value) => Number.isInteger(value) && value >= 0);
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

export const isHead = ({ received, subject, urgent, excerpt, attachments }) =>
  areTexts(received, subject, excerpt) &&
  MOMENT.test(received) &&
  typeof urgent === "boolean" &&
  areCounts(attachments);

export const isBody = ({ received, language, way = "", fields, attachments }) =>
  areTexts(received, language, way) &&
  MOMENT.test(received) &&
  isRecord(fields) &&
  Object.values(fields).every(isText) &&
  Array.isArray(attachments) &&
  attachments.every(isListed) &&
  new Set(attachments.map(({ id }) => id)).size === attachments.length;

/** A file of a body's list. */
const isListed = (file) =>
  isRecord(file) &&
  areTexts(file.id, file.name, file.type, file.sha256) &&
  areCounts(file.size, file.sealed_size) &&
  ID.test(file.id) &&
  SHA256.test(file.sha256);
