// Every word that these programs show.
import { LABELS, SHORT, TOLD } from "./questions.js";

const counted = (n, one, many) => `${n} ${n === 1 ? one : many}`;
const tips = (n) => `${n} tips`;

// What a stranger has chosen is looked up in these: they have no names but their own.
const own = (table) => Object.assign(Object.create(null), table);

export const FIELDS = own(LABELS);
export const VALUES = own(
  Object.fromEntries(Object.entries(TOLD).map(([name, values]) => [name, own(values)])),
);
export const SHORT_SUBJECTS = own(SHORT);

export const LANGUAGES = own({ sv: "Svenska", en: "Engelska" });

/** "12 byte", "3,4 kB", "25 MB". */
export function size(octets) {
  const steps = [
    ["byte", 1],
    ["kB", 1e3],
    ["MB", 1e6],
    ["GB", 1e9],
  ];
  const [unit, step] = steps.findLast(([, least]) => octets >= least) ?? steps[0];
  const number = octets / step;
  return `${number.toLocaleString("sv-SE", { maximumFractionDigits: number < 10 ? 1 : 0 })} ${unit}`;
}

export const COMMON = {
  title: (heading) => `${heading} – Tipsmottagning`,
  cancel: "Avbryt",
  anyway: "Visa ändå",
  goOn: "Fortsätt",
  tryAgain: "Försök igen",
  loggedOut:
    "Inloggningen är avslutad: den varade för länge, någon låste eller loggade in i en annan flik, eller din plats i nyckelringen är ändrad eller stoppad. Öppna nyckeln igen.",
  unknown: "Okänt",
  refused: "Det gick inte. Läs in sidan på nytt och försök igen.",
  unreachable: "Servern svarar inte som den ska. Försök igen om en stund.",
  gone: "Tipset finns inte, eller är gallrat.",
  missing: "Filen finns inte på servern.",
  wrongKey: "Förseglat till en annan nyckel än din.",
  damaged: "Skadat, eller utbytt: innehållet stämmer inte med sin försegling.",
};

export const KEY = {
  heading: "Öppna nyckeln",
  lead: "Du loggar in genom att öppna din nyckel. Med den öppnas också tipsen, här i webbläsaren: nyckeln lämnar aldrig den här fliken och sparas inte någonstans.",
  file: "Nyckelfil",
  fileHint: "Filen stannar på din dator.",
  passphrase: "Lösenfras",
  passphraseHint: "Nyckelfilen är förseglad med en lösenfras.",
  open: "Öppna nyckeln",
  opening: "Öppnar nyckeln …",
  noneGiven: "Välj din nyckelfil.",
  notAKey:
    "Det här är ingen nyckelfil. Välj filen som innehåller raden som börjar med AGE-SECRET-KEY, eller samma fil förseglad med en lösenfras.",
  isPublic:
    "Det här är en mottagares öppna nyckel. Välj filen med den hemliga, som börjar med AGE-SECRET-KEY.",
  tooLarge: "Filen är för stor för att vara en nyckelfil.",
  needsPassphrase: "Skriv lösenfrasen till nyckelfilen.",
  wrongPassphrase: "Lösenfrasen stämmer inte. Kontrollera att skiftlås är av och skriv den igen.",
  damaged: "Nyckelfilen är skadad och går inte att öppna. Hämta den från din säkerhetskopia.",
  notInKeyring: (serial) =>
    `Din nyckel finns inte i nyckelring ${serial}. Den öppnar bara tips som har förseglats till den tidigare. Be den som ansvarar för nyckelringen att lägga till den.`,
  locked: "Nyckeln är låst och du är utloggad. Det som visades finns inte kvar i fliken.",
  lockedByIdleness:
    "Nyckeln har låsts och du är utloggad, eftersom inget hände på en kvart. Det som visades finns inte kvar i fliken.",
  notLoggedOut:
    "Nyckeln är låst, men servern svarar inte som den ska. Inloggningen avslutas av sig själv inom en kvart, och ingenting går att läsa med den.",
  draftsWait: "Anteckningen som du inte hade sparat finns kvar när du har öppnat nyckeln i den här fliken.",
  drops: "Du har skrivit eller maskerat något som inte är sparat. Det försvinner. Lämna ändå?",
  soonLocked: "Nyckeln låses om en minut",
  soonLockedText:
    "Inget har hänt på ett tag. Rör musen, tryck på en tangent eller välj Fortsätt längst ner på sidan. Det som inte är sparat försvinner annars.",
};

export const QUEUE = {
  heading: "Kö",
  unlocking: (done, all) => `Låser upp ${done} av ${all}`,
  unlocked: (n) => `${tips(n)} i kön är upplåsta.`,
  alarm: (n) =>
    n === 1
      ? "Ett tips har legat oläst längre än det får"
      : `${n} tips har legat olästa längre än de får`,
  alarmHint: (urgent, normal) =>
    `Brådskande tips ska läsas inom ${urgent} timmar, andra inom ${normal} timmar.`,
  andMore: (n) => `och ${n} till`,
  empty: "Det finns inga tips att visa.",
  emptyHint: "När någon lämnar ett tips kommer det hit.",
  partly: (n, all) =>
    `${n} av ${tips(all)} i kön har hämtats. Det du söker, väljer och ordnar gäller dem tills resten har kommit.`,
  showMore: (n) => `Visa ${n} till`,
  noMatch: "Inga tips stämmer med det du har valt.",
  clear: "Visa alla",
  shows: (n, all) => (n === all ? tips(all) : `Visar ${n} av ${tips(all)}`),
  refresh: "Hämta kön på nytt",
  asks: "Nya tips hämtas var trettionde sekund, så länge nyckeln är öppen.",
  state: "Status",
  all: "Alla",
  subject: "Ämne",
  everySubject: "Alla ämnen",
  handler: "Handläggare",
  everybody: "Alla",
  mine: "Mina",
  unassigned: "Ingen",
  search: "Sök",
  filter: "Sök, välj och ordna",
  onlyUrgent: "Bara brådskande",
  withClosed: "Visa även avslutade",
  sort: "Ordna efter",
  caption: "Tips i kön",
  skip: "Hoppa till tipsen",
  keys: "I listan: J nästa, K föregående, X markera, Enter öppna.",
  mark: "Markera",
  reference: "Referens",
  received: "Mottaget",
  urgent: "Bråttom",
  urgentMark: "Bråttom",
  excerpt: "Utdrag",
  files: "Filer",
  assigned: "Handläggare",
  onHold: "Får inte gallras",
  proposed: "Gallring föreslagen",
  locked: "Kan inte öppnas",
  late: "Väntat för länge",
  orders: {
    received: "Äldst först",
    "-received": "Nyast först",
    urgent: "Brådskande först",
    subject: "Ämne",
    state: "Status",
  },
  needsRewrap: (n) =>
    n === 1
      ? "Ett tips är förseglat till en äldre nyckelring."
      : `${n} tips är förseglade till en äldre nyckelring.`,
  giveAccess: "Ge tillgång",
};

export const SEARCH = {
  hint: (n) =>
    `I referens och utdrag, och i hela texten av tips som du har öppnat här (${n}).`,
  whole: {
    begin: "Sök i hela texten",
    stop: "Avbryt",
    hint: "Öppnar kön för sökningen, bara här i webbläsaren. Inget tips blir läst; en händelse säger att du har sökt.",
    beginning: "Öppnar texterna …",
    progress: (done, all) => `Öppnar texterna: ${done} av ${all}`,
    stopped: (open) => `Avbrutet. Sökningen gäller hela texten av ${tips(open)}.`,
    done: (open, left) =>
      `Sökningen gäller hela texten av ${tips(open)}${left ? `; ${left} kunde inte öppnas` : ""}.`,
  },
};

export const SELECTION = {
  label: "Markerade tips",
  mark: (reference) => `Markera ${reference}`,
  all: (n) => `Markera alla synliga (${n})`,
  marked: (n) => counted(n, "markerat", "markerade"),
  noneMarked: "Markera först ett eller flera tips.",
  noneFit: "Det går inte att göra med något av de markerade.",
  question: (step, n) => `${step}: ${tips(n)}?`,
  others: (n) => `${n === 1 ? "Ett annat markerat tips" : `${n} andra markerade tips`} berörs inte: steget passar inte deras status.`,
  urgent: (n) => (n === 1 ? "Ett är brådskande." : `${n} är brådskande.`),
  unread: (n) => (n === 1 ? "Ett har ingen öppnat." : `${n} av dem har ingen öppnat.`),
  why: "Välj orsaken, så görs det. ",
  undo: "Det kan ångras i fjorton dagar, på tipsets sida.",
  taking: (n) => `Undertecknar och sparar ${tips(n)} …`,
  done: (done, n) => `Klart: ${done}, ${tips(n)}.`,
  left: (n, done) => `${n === 1 ? "Ett tips" : tips(n)} lämnades som ${n === 1 ? "det" : "de"} är; ${done === 1 ? "ett är klart" : `${done} är klara`}`,
  overtaken: (what) => `någon annan hann före (${what})`,
  again: "Hämta kön på nytt för att se hur det står till innan du fortsätter.",
};

const newTips = (n, urgent) =>
  n === urgent
    ? counted(n, "nytt brådskande tips", "nya brådskande tips")
    : counted(n, "nytt tips", "nya tips");
const ofWhichUrgent = (n, urgent) => (urgent && n !== urgent ? `, varav ${urgent} brådskande` : "");

export const NEWS = {
  label: "Nya tips",
  heading: (n, urgent) => newTips(n, urgent) + ofWhichUrgent(n, urgent),
  mark: (n, urgent) => {
    const ofWhich = n === 1 ? "brådskande" : `${urgent} brådskande`;
    return `(${counted(n, "nytt", "nya")}${urgent ? `, ${ofWhich}` : ""})`;
  },
  came: (n, urgent, named) => {
    const more = urgent > named.length ? ` ${QUEUE.andMore(urgent - named.length)}` : "";
    const which = urgent ? `: ${named.join(", ")}${more}` : "";
    return `${newTips(n, urgent)} har kommit${ofWhichUrgent(n, urgent)}${which}.`;
  },
  show: "Visa i kön",
  unreachable:
    "Nya tips kan inte hämtas: servern svarar inte som den ska. Nya försök görs var trettionde sekund.",
  again: "Nya tips hämtas igen.",
};

export const TIP = {
  unsigned: "Inte undertecknat av den som nämns",
  noted: " (noterat av servern)",
  otherwise: "Servern visar något annat än det som har undertecknats",
  otherwiseText:
    "Status eller steg här stämmer inte med det som handläggarna har skrivit under. Gör inget med tipset förrän driften har svarat.",
  heading: (reference) => `Tips ${reference}`,
  reads: (names) => `${names.join(" och ")} läser`,
  back: "Tillbaka till kön",
  next: "Nästa tips i kön",
  opening: "Hämtar och öppnar tipset …",
  facts: "Om tipset",
  state: "Status",
  since: (day) => `sedan ${day}`,
  received: "Mottaget",
  way: "Hur det kom",
  assigned: "Handläggare",
  nobody: "Ingen",
  register: "Diarienummer",
  language: "Språk",
  hold: "Får inte gallras",
  holdText: "Ja, tipset är undantaget från gallring",
  proposed: (name) =>
    `Gallring föreslagen av ${name}. En annan handläggare beslutar under Gallring.`,
  content: "Det som skrevs",
  notAnswered: "Inget skrevs här:",
  cannotOpen: "Innehållet går inte att visa",
  other:
    "Servern svarade med ett annat tips än det du bad om. Lita inte på det, och rapportera det innan du fortsätter.",
  sealed: "Ladda ner hela tipset förseglat (zip)",
  sealedHint: "För en fristående dator. Öppnas med opener.html.",
  history: "Historik",
  noHistory: "Inga händelser ännu.",
  by: (name) => `av ${name}`,
  system: "av systemet",
  changed: (from, to) => `${from} → ${to}`,
};

export const FILES = {
  heading: (n) => (n ? `Filer (${n})` : "Filer"),
  none: "Inga filer följde med.",
  warning:
    "Filer från okända kan vara skadliga. Öppna dem på en fristående dator, inte på den här.",
  unnamed: "Fil utan namn",
  unknownType: "okänd typ",
  save: "Öppna och spara",
  show: "Visa bilden",
  hide: "Dölj bilden",
  of: (name) => ` (${name})`,
  opening: "Hämtar och öppnar filen …",
  saved: "Filen är öppnad och sparad av webbläsaren.",
  fetching: "Hämtar …",
  savedSealed: "Sparat förseglat av webbläsaren.",
  notPicture:
    "Filen är ingen JPEG-, PNG-, GIF- eller WebP-bild, och visas inte. Den går att spara.",
  brokenPicture: "Bilden går inte att visa. Filen går att spara.",
  alt: (name) => `Bild som följde med tipset: ${name}`,
  unlisted: (n) =>
    `På servern ligger ${counted(n, "fil", "filer")} som tipset inte säger något om.`,
  damaged: "Filen är skadad eller utbytt: den stämmer inte med tipsets lista. Den sparas inte.",
};

export const NOTES = {
  heading: "Anteckningar",
  none: "Inga anteckningar.",
  label: "Ny anteckning",
  hint: "Undertecknas med din nyckel och förseglas till alla i nyckelringen, här i webbläsaren, innan den skickas.",
  save: "Spara anteckningen",
  saving: "Förseglar och sparar …",
  saved: "Anteckningen är sparad.",
  empty: "Skriv anteckningen innan du sparar den.",
  tooLong: (n) => `Anteckningen är för lång. Högst ${n.toLocaleString("sv-SE")} tecken får plats.`,
  untrue: "Lita inte på den här anteckningen",
  unfold: "Visa texten ändå",
  faults: {
    damaged: "Den är skadad, utbytt eller inte undertecknad.",
    key: "Den är inte undertecknad med en nyckel som är den uppgivna handläggarens.",
    late: "Den som har undertecknat den hade lämnat nyckelringen.",
    tip: "Den är flyttad hit från ett annat tips.",
    copy: "Den är en kopia av en annan anteckning.",
    author: "Servern säger att någon annan har skrivit den.",
    content: "Den är skriven om ett annat innehåll än det som visas här.",
    order: "Den står inte på sin plats, eller visas två gånger.",
    link: "Den följer inte på anteckningen före: där har något bytts ut.",
    ring: "Nyckelringen går inte att lita på, så det går inte att se vem som har skrivit den.",
  },
  missing: (n, first) =>
    first
      ? `Anteckning ${n === 1 ? first : `${first}–${first + n - 1}`} saknas.`
      : `${counted(n, "anteckning", "anteckningar")} före den saknas.`,
  otherKey: (id) =>
    `Nyckelringen har inte din nyckel för ${id}. Anteckningen är inte sparad. Säg till en av undertecknarna.`,
  closed: "Något annat kan stå i anteckningens ställe: det ser bara den vars nyckel öppnar den.",
  closedBefore:
    "En anteckning är förseglad till andra nycklar än din, så nästa kan inte länkas till den. Be en kollega lägga om omslagen under Ge tillgång först.",
};

export const STEPS = {
  heading: "Nästa steg",
  none: "Det finns inget att göra med tipset nu.",
  choose: "Vad ska göras?",
  take: "Genomför",
  taking: "Sparar …",
  taken: (label) => `Klart: ${label}.`,
  notChosen: "Välj vad som ska göras.",
  missing: (label) => `Fyll i: ${label}.`,
  choice: "Välj …",
  conflict: "Någon annan hann före",
  conflictText: "Inget har ändrats av dig. Det här har hänt sedan du öppnade tipset:",
  conflictKept:
    "Det du fyllde i står kvar. Kontrollera det och genomför igen om det fortfarande stämmer.",
  conflictGone: (label) => `Steget ”${label}” går inte att göra längre.`,
};

export const TRUST = {
  heading: "Nyckelringen går inte att lita på",
  call: "Du kan läsa tips som har kommit in, men inte spara anteckningar eller ge tillgång. Ring en av undertecknarna: numret står på papperet i ditt kuvert.",
  keyring: (serial, day) =>
    `Nyckelring ${serial} gäller till och med ${day}. I ord, räknade här i webbläsaren:`,
  behind: (name, newer, serial) =>
    `${name} har undertecknat en anteckning under nyckelring ${newer}, men servern lämnar ut nyckelring ${serial}`,
  behindText: (name) =>
    `Den nyare kan vara på väg, eller hållas inne för att någon ska få läsa det du skriver. Fråga ${name} eller en undertecknare, och jämför orden. Inget förseglas härifrån förrän du har svarat.`,
  behindYes: (serial) => `Jag har jämfört: försegla till nyckelring ${serial}`,
  behindFirst: "Svara först på frågan om nyckelringen, ovanför anteckningarna. Inget är sparat.",
  soon: (days) =>
    `${days ? `Den går ut om ${counted(days, "dag", "dagar")}` : "Den går ut i dag"}. Säg till en av undertecknarna att det är dags för nästa.`,
  over: (lastDay, until) =>
    `Nyckelringen gick ut ${lastDay}. Tips tas emot till och med ${until}, sedan stängs formuläret`,
  overText: "Säg till en av undertecknarna i dag: två av dem gör nästa nyckelring.",
  fault: (code) =>
    ({
      unsigned: "Nyckelringen är inte underskriven av två av de tre som ska göra det.",
      expired: "Nyckelringen har gått ut.",
      early: "Nyckelringen är gjord en dag som inte har kommit, eller så går datorns klocka fel.",
      older: "Nyckelringen är äldre än den som den här webbläsaren redan har sett.",
      twin: "Nyckelringen är en annan än den som den här webbläsaren har sett, med samma nummer.",
      link: "Nyckelringen följer inte på den som den här webbläsaren har sett.",
      root: "Den här sidan, undertecknarna och nyckelfilen, om den är öppen, stämmer inte överens om vilka som får skriva under.",
      "no-root-here":
        "Den här sidan säger inte vilka undertecknare som gäller. Säg till den som sköter driften.",
      "no-root":
        "Din nyckelfil är av ett äldre slag och säger inte vilka undertecknare som gäller. Be den som gjorde den att göra en ny med signera.pyz och --behall. Den öppnar också det som den gamla öppnar.",
      signers: "Nyckelringen är underskriven av andra än dem som gäller.",
      few: "För få har skrivit under.",
      signature: "En underskrift stämmer inte.",
    })[code] ?? "Nyckelringen eller undertecknarna är skadade, eller saknas.",
};

export const ACCESS = {
  heading: "Nycklar",
  lead: "Tips som lämnas från och med nu kan öppnas av",
  demo: "Nyckelringen är gjord av demot. Dess hemliga nyckel ligger bredvid den: lämna aldrig något verkligt här.",
  older: "Ge tillgång till äldre tips",
  olderText: "När nyckelringen har ändrats läggs tipsens omslag om, så att alla i den kan öppna även äldre tips. Det görs här i webbläsaren med din nyckel. Innehållet rörs inte.",
  compare:
    "Jämför alla tolv orden med dem på papperet från den senaste ceremonin. Stämmer de inte: lägg inte om.",
  start: "Lägg om omslagen",
  looking: "Hämtar omslag …",
  progress: (done, all) => `Lägger om ${done} av ${all}`,
  done: (n) =>
    n
      ? `Klart. ${counted(n, "omslag är omlagt", "omslag är omlagda")}.`
      : "Alla omslag är redan omlagda.",
  failed: (n) =>
    `${counted(n, "omslag gick", "omslag gick")} inte att lägga om: din nyckel öppnar dem inte, eller så är de skadade. En annan handläggare kan ha en nyckel som gör det.`,
  stop: "Avbryt",
  stopped: (n) => `Avbrutet efter ${counted(n, "omslag", "omslag")}. Det som är omlagt är sparat.`,
  changed: "Nyckelringen ändrades under tiden. Börja om.",
};

export const OFFLINE = {
  title: "Öppna tips – fristående",
  heading: "Öppna tips utan nät",
  lead: "Den här sidan öppnar förseglade tips på en dator utan nät. Den kan inte skicka något någonstans.",
  bundle: "Förseglade tips (zip)",
  bundleHint: "Filen från tips_export, eller ett tips som laddats ner förseglat.",
  noBundle: "Välj filen med förseglade tips.",
  badBundle: "Det här är ingen fil med förseglade tips, eller så är den skadad.",
  tooLarge: "Filen är för stor för den här sidan. Dela upp exporten: tips_export --tip.",
  list: "Tips i filen",
  all: "Till listan",
  lock: "Lås och börja om",
};
