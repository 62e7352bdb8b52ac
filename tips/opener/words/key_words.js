// The words of logging in by one's key, of passkeys, and of the page where they are made.

export const LOGIN = {
  about: "Du loggas ut och nyckeln låses när du inte har gjort något på en kvart.",
  noPasskey: "Ska du börja här, eller har du en ny passkey att ta med till ceremonin?",
  keyPage: "Lägg till en passkey",
  olderKind:
    "Nyckelfilen är av ett äldre slag: den öppnar tips, men säger inte vem du är, så du kommer inte in med den. Be den som gjorde den att göra en ny med signera.pyz och --behall, och ta den till nästa ceremoni. Den nya öppnar också det som den gamla öppnar.",
  second: "Visa din passkey",
  secondLead:
    "Nyckeln är öppen. Visa nu den passkey som hör till den: fingeravtryck, ansikte, pinkod eller säkerhetsnyckel.",
  showPasskey: "Visa passkey",
  back: "Börja om",
};

export const PASSKEYS = {
  desk: "Tipsmottagning",
  notHere: "Passkeys går inte att använda i den här webbläsaren, eller på den här adressen.",
  otherAddress: (address) =>
    `Passkeys hör till ett namn och fungerar inte på en adress av siffror. Öppna ${address}`,
  stopped:
    "Det avbröts, tog för lång tid, eller så finns ingen av dina passkeys här. Försök igen.",
  isKnown: "Den här enheten har redan en av passkeyerna i begäran.",
};

export const REQUEST = {
  title: "Lägg till en passkey – Tipsmottagning",
  heading: "Lägg till en passkey",
  lead: "Här lägger du till passkeys i din begäran om att stå i nyckelringen. Du tar begäran till ceremonin, och din passkey gäller när två undertecknare har skrivit under ringen.",
  nothingSent: "Ingenting skickas härifrån, och ingenting sparas när du stänger sidan.",
  toLogin: "Till inloggningen",
  request: "Begäran",
  requestHint: "Filen som slutar på .request, från programmet som gjorde din nyckel.",
  noRequest: "Välj din begäran: filen som slutar på .request.",
  badRequest: "Det här är ingen begäran om att stå i nyckelringen, eller så är den skadad.",
  isAnothers:
    "Begäran är gjord för en annan nyckel än den här. Välj begäran och nyckelfil som gjordes tillsammans.",
  olderKind:
    "Nyckelfilen är av ett äldre slag och kan inte skriva under en begäran. Be den som gjorde den att göra en ny.",
  whose: (name, id) => `Begäran för ${name} (${id})`,
  check: "Stämmer inte namnet, eller står här en passkey som du inte känner igen: stanna, och gör en ny begäran.",
  list: (n) => `Passkeys i begäran (${n} av 4)`,
  none: "Ingen ännu.",
  number: (n) => `Passkey ${n}`,
  fresh: "Tillagd nu, och prövad",
  was: "Fanns i begäran",
  remove: "Ta bort",
  removed: "Borttagen ur begäran. Den finns kvar på sin enhet, men släpper inte in någon.",
  add: "Lägg till en passkey",
  addMore: "Lägg till en till",
  more: "Två är bra att ha: en på tjänstedatorn och en säkerhetsnyckel som ligger inlåst. Webbläsaren frågar två gånger för var och en: när den görs och när den prövas.",
  full: "Det finns fyra, och fler får inte plats. Ta bort en för att lägga till en annan.",
  added: "Passkeyen är tillagd, och den fungerar.",
  unusable: "Enheten gjorde en passkey av ett slag som inte kan användas här. Ta en annan enhet.",
  unproved: "Passkeyen gick att göra, men det den svarade stämmer inte. Den är inte tillagd. Försök igen.",
  take: "Ta med till ceremonin",
  takeText: "Ladda ner båda filerna, lägg dem på en sticka och skriv av orden: undertecknarna läser upp samma ord innan de skriver under.",
  words: "Begäran i ord",
  file: (name) => `Ladda ner ${name}`,
  saved: (name) => `${name} är sparad av webbläsaren.`,
  lock: "Lås och börja om",
  locked: "Nyckeln är låst. Det som inte hade laddats ner finns inte kvar.",
};
