// Every word for people on the pages where one logs in, and of accounts.

export const LOGIN = {
  heading: "Logga in",
  username: "Användarnamn",
  password: "Lösenord",
  show: "Visa lösenordet",
  submit: "Logga in",
  noUsername: "Skriv ditt användarnamn.",
  noPassword: "Skriv ditt lösenord.",
  about:
    "Inloggning i redaktionen räknas inte här. Du loggas ut när du inte har gjort något på en kvart.",
  lost: "Kommer du inte in? Säg till den som sköter driften.",
  first: "Har du fått en engångskod?",
  firstLink: "Kom igång här",
  loggedOut: "Du är utloggad.",
  ended: "Du har loggats ut, eftersom inget hände på en kvart eller för att inloggningen avslutades.",
  endedHint: "Logga in igen, så kommer du tillbaka dit du var.",
};

export const SECOND = {
  heading: "Visa att det är du",
  lead: "Lösenordet stämmer. Nu behövs ett bevis till.",
  passkey: "Använd lösennyckel",
  waiting: "Följ webbläsarens anvisning …",
  orCode: "Eller skriv en kod",
  code: "Kod från appen",
  codeHint: "Sex siffror som byts var trettionde sekund.",
  noCode: "Skriv koden som appen visar: sex siffror.",
  recovery: "Återställningskod",
  recoveryHint: "En av de tio koder som du har sparat. Varje kod gäller en gång.",
  noRecovery: "Skriv en av dina återställningskoder.",
  lost: "Jag har varken lösennyckeln eller appen här",
  submit: "Logga in",
  back: "Börja om",
  ended: "Det tog för lång tid, eller blev fel för många gånger. Logga in igen.",
  noWay:
    "Här går inget av sätten att använda. Logga in på en annan enhet, eller be en kollega om hjälp.",
};

export const PASSKEYS = {
  notHere: "Lösennycklar går inte att använda i den här webbläsaren, eller på den här adressen.",
  otherAddress: (address) =>
    `Lösennycklar hör till ett namn och fungerar inte på en adress av siffror. Öppna ${address}`,
  stopped: "Det avbröts eller tog för lång tid. Försök igen.",
  isKnown: "Den lösennyckeln är redan tillagd.",
};

export const ENROL = {
  heading: "Skydda ditt konto",
  lead: "Ett lösenord räcker inte här. Välj vad du ska visa dessutom när du loggar in.",
  addHeading: "Lägg till ett sätt att logga in",
  passkey: "Lösennyckel (passkey)",
  passkeyText:
    "Säkrast, och enklast: ditt fingeravtryck, ditt ansikte, datorns pinkod eller en säkerhetsnyckel.",
  makePasskey: "Lägg till lösennyckel",
  label: "Vad ska den heta?",
  labelHint: "Så att du känner igen den, till exempel ”Tjänstedatorn”.",
  noLabel: "Ge den ett namn.",
  noCode: "Skriv koden som appen visar: sex siffror.",
  passkeyLabel: "Min lösennyckel",
  app: "App med koder",
  appText: "En app i telefonen som visar en ny kod var trettionde sekund.",
  makeApp: "Lägg till app",
  appLabel: "Min app",
  scan: "Läs av bilden med appen, eller skriv in nyckeln i den.",
  qr: "QR-kod med nyckeln till appen. Nyckeln står också som text.",
  secret: "Nyckel till appen",
  openApp: "Öppna i en app på den här enheten",
  confirm: "Kod som appen visar nu",
  confirmSubmit: "Lägg till appen",
  cancel: "Avbryt",
};

export const CODES = {
  heading: "Spara dina återställningskoder",
  lead: "Med en av dem kommer du in om du har förlorat det som du annars visar. Varje kod gäller en gång. De visas bara nu.",
  where: "Skriv ut dem, eller skriv av dem, och förvara dem inlåsta och inte vid datorn.",
  list: "Tio återställningskoder",
  print: "Skriv ut",
  saved: "Jag har sparat koderna",
  printed: (name, day) => `Tipsmottagningen, återställningskoder för ${name}, ${day}`,
};

export const ACCOUNT = {
  heading: "Mitt konto",
  ways: "Så visar du att det är du",
  none: "Bara lösenordet. Lägg till en lösennyckel eller en app, så räcker det inte för någon annan att känna till det.",
  kinds: { webauthn: "Lösennyckel", totp: "App med koder" },
  made: (day) => `Tillagd ${day}`,
  used: (day) => `senast använd ${day}`,
  unused: "aldrig använd",
  remove: "Ta bort",
  removed: "Borttagen.",
  codes: "Återställningskoder",
  codesLeft: (n) =>
    n ? `${n} av 10 återställningskoder är kvar.` : "Du har inga återställningskoder kvar.",
  newCodes: "Gör nya koder",
  newCodesHint: "Gör du nya slutar de att gälla.",
  password: "Lösenord",
  old: "Nuvarande lösenord",
  new: "Nytt lösenord",
  newHint: "Minst femton tecken. Flera ord som inte hör ihop är bra.",
  noOld: "Skriv ditt nuvarande lösenord.",
  noNew: "Skriv ett nytt lösenord.",
  change: "Byt lösenord",
  changed: "Lösenordet är bytt. Andra inloggningar har avslutats.",
  sessions: "Här är du inloggad",
  this: "Den här inloggningen",
  began: (day) => `Började ${day}`,
  seen: (day) => `senast använd ${day}`,
  end: "Avsluta",
  ended: "Inloggningen är avslutad.",
  added: "Tillagd.",
};

export const FIRST_TIME = {
  heading: "Kom igång",
  lead: "Den som sköter servern har gett dig en engångskod.",
  code: "Engångskod",
  codeHint: "Stora eller små bokstäver spelar ingen roll.",
  noCode: "Skriv engångskoden.",
  password: "Eget lösenord",
  submit: "Fortsätt",
  has: "Har du redan ett lösenord?",
  hasLink: "Logga in",
};

export const AGAIN = {
  heading: "Visa igen att det är du",
  text: "Det här gör du inte utan att visa igen vem du är. Det gäller sedan i tio minuter.",
  passkey: "Använd lösennyckel",
  or: "eller",
  password: "Lösenord",
  noPassword: "Skriv ditt lösenord.",
  submit: "Fortsätt",
  cancel: "Avbryt",
  cancelled: "Du avbröt. Inget har ändrats.",
};

export const FRAME = {
  loggedIn: "Inloggad:",
  logOut: "Logga ut",
  menu: "Tipsmottagning",
  pages: {
    "": "Kö",
    "nycklar/": "Nycklar",
    "gallring/": "Gallring",
    "register/": "Register",
    "handelser/": "Händelser",
  },
  soonOut: "Du loggas ut om en minut",
  soonOutText: "Inget har hänt på ett tag. Rör musen, tryck på en tangent eller välj Fortsätt längst ner på sidan för att stanna kvar.",
  wait: "Ett ögonblick …",
};
