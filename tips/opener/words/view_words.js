// The words of the views that show nothing of what a tip contains.

export const FRAME = {
  loggedIn: "Inloggad:",
  lock: "Lås",
  menu: "Tipsmottagning",
  pages: {
    "": "Kö",
    "nycklar/": "Nycklar",
    "gallring/": "Gallring",
    "register/": "Register",
    "handelser/": "Händelser",
    "stopp/": "Stoppa",
  },
};

export const LISTS = {
  pages: "Listans sidor",
  page: (number, count) => `Sida ${number} av ${count}`,
  previous: "Föregående",
  next: "Nästa",
};

export const EVENTS = {
  heading: "Händelser",
  broken: "Loggen är bruten.",
  brokenText:
    "Någon har ändrat i databasen på annat sätt än genom tipsmottagningen. Rapportera det innan du fortsätter.",
  whole: "Loggen är hel och stämmer med alla tips.",
  hash: (seq) => `Kontrollsumma för händelse ${seq}, den senaste:`,
  note: "Anteckna den på papper då och då: en logg som har gjorts om har den inte.",
  caption: "Vad som har gjorts, det senaste först",
  columns: ["Nummer", "Dag", "Tips", "Steg", "Av", "Status"],
  system: "Systemet",
  none: "Inget har hänt ännu.",
};

export const REGISTER = {
  heading: "Register",
  lead: "Dag, nummer, status och diarienummer för varje tips, även de som är gallrade. Inget om vem som har lämnat det eller vad det innehåller.",
  from: "Från och med",
  to: "Till och med",
  notADay: "Skriv dagen som 2026-11-25.",
  show: "Visa",
  download: "Ladda ner som tabell (csv)",
  saved: "Registret är sparat av webbläsaren.",
  tips: (n) => `${n} tips`,
  columns: ["Mottaget", "Tips", "Status", "Diarienummer"],
  none: "Inga tips under den tiden.",
};

export const PURGE = {
  heading: "Gallring",
  lead: "Ett tips gallras för alltid. Det kräver ett beslut och två personer: en som föreslår och en annan som godkänner.",
  waiting: "Väntar på en andra person",
  nothing: "Inget väntar.",
  due: "Kan gallras",
  none: "Inget tips är avslutat eller markerat som skräp.",
  proposal: (n) => `${n} tips`,
  proposedBy: "Föreslaget av",
  decision: "Beslut",
  isMine: "Du har föreslagit det. En annan handläggare måste godkänna.",
  unsigned: "Förslaget är inte undertecknat av den som nämns",
  unsignedText: "Godkänn det inte. Säg till driften: någon kan ha ändrat i databasen.",
  approve: (n) => `Godkänn och gallra ${n} tips för alltid`,
  question: (n) => `Gallra ${n} tips?`,
  forever: "Det går inte att ångra. Texter, filer och anteckningar försvinner; kvar är nummer, dag och beslut.",
  purge: "Gallra för alltid",
  withdraw: "Återkalla förslaget",
  all: (n) => `Markera alla (${n})`,
  noneMarked: "Markera först ett eller flera tips.",
  onHold: "Tipset är undantaget och kan inte gallras.",
  notBefore: (day) => `Det kan inte gallras före ${day}.`,
  allowedBy: "Beslut som tillåter det",
  noDecision: "Skriv beslutet som tillåter det.",
  propose: "Föreslå gallring av de markerade",
  proposed: "Föreslaget. En annan handläggare måste godkänna innan något gallras.",
  withdrawn: "Förslaget är återkallat.",
  approved: (n) =>
    n === 1
      ? "Tipset är gallrat. Kvar är dess nummer, dess dag och beslutet."
      : `${n} tips är gallrade. Kvar är deras nummer, deras dagar och beslutet.`,
};

export const STOP = {
  heading: "Stoppa en handläggare",
  lead: "Den som stoppas loggas ut genast och kommer inte in, i fjorton dagar eller tills nästa nyckelring gäller. Det kräver två handläggare, eller en undertecknare. Ingen kan ta tillbaka ett stopp.",
  standing: "Stoppade",
  nobody: "Ingen är stoppad.",
  waiting: "Väntar på en andra handläggare",
  nothing: "Inget väntar.",
  lay: "Nytt stopp",
  tooFew: "Här går det inte: det kräver två handläggare utöver den som stoppas, och så många finns inte. En undertecknare gör det i stället, ensam: med signera.pyz stoppa, och driften lägger in filen samma dag.",
  who: "Handläggare",
  reason: "Skäl",
  by: "Underskrivet av",
  madeOn: "Gjort",
  until: "Stoppad till och med",
  waitsUntil: "Väntar till och med",
  isMine: "Du har skrivit under. En annan handläggare måste göra det också.",
  second: (name) => `Skriv under också, och stoppa ${name}`,
  choose: "Välj vem som ska stoppas, och varför.",
  sign: "Skriv under som den första",
  signed: "Underskrivet. Stoppet gäller när två har skrivit under: den andra senast i morgon.",
  unfit: "Servern har lämnat ett stopp som inte räknas: det är inte underskrivet av dem som får göra det, eller gäller inte i dag.",
};
