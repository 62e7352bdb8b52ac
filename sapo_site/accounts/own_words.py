"""Words that come to mind here when somebody thinks of a password; zxcvbn's own are English.

As they are written in Swedish; whoever leaves out the marks, or writes a figure for a letter, means the
same word.
"""

_WORDS = """
Säkerhetspolisen säkerhetspolis Säpo Säk polisen polis polishuset rikspolisstyrelsen rikspolis
polismyndigheten myndighet myndigheten myndigheter säkerhet säkerheten säkerhetstjänst
säkerhetstjänsten underrättelse underrättelsetjänst underrättelsetjänsten kontraspionage
kontraterrorism kontraterror terrorhotnivå terrorism terrorist hotnivå säkerhetsskydd personskydd
personskyddsenhet personskyddsenheten författningsskydd författning ickespridning registerkontroll
säkerhetsprövning tillsyn sekretess spion spionen spioner spionage spioneri sabotage agent agenten
brott brottet brottsförebyggande förebyggande livvakt livvakten analytiker handläggare utredare tips
tipsa tipsare tipset tipsen tipsmottagare tipsmottagaren tipsmottagning tipsmottagningen redaktör
redaktören redaktion redaktionen chefredaktör chefredaktören administratör administratören
kommunikation kommunikatör webbredaktör webbplats webbplatsen hemsida hemsidan Stockholm Solna
Ingentingsgatan Bolstomtavägen Kungsholmen Kronoberg Göteborg Malmö Uppsala Sverige svensk svenska
riksdagen regeringen statsministern kungen lösenord lösenordet password hemlig hemligt hemliga
hemligheten hemlighet välkommen inloggning logga sommar sommaren höst hösten vinter vintern vår
våren midsommar midsommarafton jul julen julafton påsk påsken nyår semester semestern kaffe fika
hejsan hej älskar måndag tisdag onsdag torsdag fredag lördag söndag januari februari mars april maj
juni juli augusti september oktober november december
"""
OWN_WORDS = tuple(_WORDS.split())
