// What the desk says of the numbers that the intake gives each tip, and signs.

const numbers = (from, to) => (from === to ? `Nummer ${from}` : `Nummer ${from}–${to}`);
const listed = (some, all) => some.join(", ") + (all > some.length ? " …" : "");

export const WAYS = {
  browser: "Förseglat i avsändarens webbläsare",
  form: "Förseglat när det kom fram (utan skript)",
  command: "Inlagt på servern",
};

export const ARRIVALS = {
  heading: "Tips som har kommit in saknas eller är ändrade",
  report:
    "Rapportera det till dem som sköter servern, och kör tips_status --verify. En säkerhetskopia som har lästs in kan vara skälet.",
  known: "Det är känt: visa det inte mer här",
  gap: (from, to) => `${numbers(from, to)} saknas: tips som har kommit in finns inte här.`,
  gone: (from, to) => `${numbers(from, to)} har funnits och är borta.`,
  vanished: (some, all) => `Tips med nummer ${listed(some, all)} är borta utan att ha gallrats.`,
  notSigned: (some, all) =>
    `Nummer ${listed(some, all)} är inte ${all > 1 ? "underskrivna" : "underskrivet"} av inlämningen.`,
  madeUp: (count) =>
    count > 1
      ? `Här finns ${count} nummerserier som ingen av inlämningens nycklar har skrivit under. De räknas inte.`
      : "Här finns en nummerserie som ingen av inlämningens nycklar har skrivit under. Den räknas inte.",
  cut: (day) =>
    `Det som nummerserien från ${day} följer på är borta: tips som har kommit in finns inte här.`,
  checking: "Numren prövas …",
  unchecked: "Numren på det som har kommit in är inte prövade",
  uncheckedReport:
    "Servern svarar inte, eller aldrig till slut: tips kan saknas utan att det syns här. Rapportera det till dem som sköter servern, och kör tips_status --verify.",
  unlinked: (number) => `Nummer ${number} följer inte på det före.`,
  anew: (day) => `Inlämningen har börjat på en ny nummerserie, ${day}.`,
  notShown: "Visas inte",
  cannotShow: "Tipset visas inte: det är inte vad inlämningen har skrivit under",
  missing: "Inlämningen har inte skrivit under tipset. Någon annan kan ha lagt det här.",
  withheld:
    "Inlämningen har skrivit under tipset, men servern lämnar inte ut underskriften. Innehållet kan ha bytts ut.",
  mislisted: "Avsändarens egen lista över filer stämmer inte med det som kom.",
  otherWay: "Avsändaren uppger ett annat sätt.",
  exchanged: "Innehållet är ett annat än det som kom in: det har bytts ut på servern.",
  forged: "Underskriften är inte inlämningens.",
  other: "Underskriften är en annan än den som har räknats för tipset. Innehållet kan ha bytts ut.",
  notCounted:
    "Underskriften finns inte bland dem som har räknats. Någon annan kan ha lagt tipset här.",
  anyway: "Ladda ner det förseglat och öppna det med opener.html om du måste läsa det.",
  untested:
    "Det går inte att pröva om tipset är det som kom in: nyckelringen eller nyckelfilens rot saknas, eller går inte att lita på.",
};
