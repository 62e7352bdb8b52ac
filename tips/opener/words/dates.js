// Days and times as Swedes write them. All are wall-clock times in Stockholm, without a zone.

const MONTHS =
  "januari februari mars april maj juni juli augusti september oktober november december".split(" ");
const HOUR = 3_600_000;

const parts = (text) =>
  /^(\d{4})-(0[1-9]|1[0-2])-(\d\d)(?:[T ](\d\d):(\d\d))?/
    .exec(text ?? "")
    ?.slice(1)
    .map(Number);

/** "25 november 2026", or "25 november 2026 kl. 14.15"; nothing of what is no date: it may be a stranger's. */
export function written(text) {
  const found = parts(text);
  if (!found) return "";
  const [year, month, day, hour, minute] = found;
  const date = `${day} ${MONTHS[month - 1]} ${year}`;
  return Number.isNaN(hour) ? date : `${date} kl. ${two(hour)}.${two(minute)}`;
}

const two = (number) => String(number).padStart(2, "0");

/** "25 nov. 14.15", for a narrow column; nothing of what is no date. */
export function short(text) {
  const [, month, day, hour, minute] = parts(text) ?? [];
  if (!day) return "";
  const name = MONTHS[month - 1];
  const date = `${day} ${name.length > 4 ? `${name.slice(0, 3)}.` : name}`;
  return Number.isNaN(hour) ? date : `${date} ${two(hour)}.${two(minute)}`;
}

/** Milliseconds since 1970 at such a time; a day without a time begins at midnight. */
function at(text) {
  const [year, month, day, hour, minute] = parts(text) ?? [];
  return Date.UTC(year, month - 1, day, hour || 0, minute || 0);
}

const between = (from, to) => at(to) - at(from);

export const daysBetween = (from, to) =>
  Math.round(between(from.slice(0, 10), to.slice(0, 10)) / (24 * HOUR));

export const dayAfter = (day, days) =>
  new Date(at(day) + days * 24 * HOUR).toISOString().slice(0, 10);

/** When a tip came, by its own time; where that is more than a day off, by the day it was signed on. */
export const cameAt = (own, day) => (own && Math.abs(daysBetween(day, own)) <= 1 ? own : day);

/** The time so many hours earlier, to the minute: what came before it sorts before it as text. */
export const earlier = (text, hours) => new Date(at(text) - hours * HOUR).toISOString().slice(0, 16);

/** The server's "now" as a wall-clock time in Stockholm, also where it comes with a zone. */
export function stockholm(text) {
  if (!/(?:Z|[+-]\d\d:?\d\d)$/.test(text ?? "")) return text;
  const format = { timeZone: "Europe/Stockholm", dateStyle: "short", timeStyle: "medium" };
  return new Date(text).toLocaleString("sv-SE", format).replace(" ", "T");
}

/** The day that it is in Stockholm, wherever the browser stands. */
export const today = () => stockholm(new Date().toISOString()).slice(0, 10);

/** The quarter of an hour in which the moment lies, in Stockholm: no exact time is kept. */
export function quarter(moment) {
  const [hours, minutes] = stockholm(moment.toISOString()).split(":");
  return `${hours}:${two(Math.floor(minutes / 15) * 15)}`;
}

/** How long ago, in the unit that a reader thinks in: "20 min", "5 tim", "3 dygn". */
export function age(from, now) {
  if (!from.includes("T")) {
    const days = daysBetween(from, now);
    return days < 1 ? "i dag" : days === 1 ? "i går" : `${days} dygn`;
  }
  const minutes = Math.max(0, Math.floor(between(from, now) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60
    ? `${Math.floor(minutes / 60)} tim`
    : `${Math.floor(minutes / 1440)} dygn`;
}
