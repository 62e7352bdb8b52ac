"""What the texts of the channel may not say, because nobody may promise it, and what they must say.

A tip becomes an official document; who sent it may have to be found out. So no text may say that
somebody is or may be anonymous, that a tip cannot be traced or that nobody can see who sent it,
unless it only denies, doubts or asks: "vi kan inte lova att du förblir anonym".
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.conf import settings

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘´`ʼ", "'"))
_ABBREVIATIONS = re.compile(r"\b(?:t\.ex|bl\.a|dvs|osv|m\.m|e\.g|i\.e)\.", re.IGNORECASE)
_SPELT_OUT = re.compile(r"(?<!\w)(?:[^\W\d_] ){2,}[^\W\d_](?!\w)")
_SENTENCES = re.compile(r"[.!?;:…]+(?=\s|¦|$)")
# Where a negation ends: a comma, a dash, or a line that begins as a sentence does (¦).
_STOPS = re.compile(r"[,¦–—]")


def _plain(text: str) -> str:
    """The text as it reads aloud: whatever its capitals, odd spaces and invisible signs are."""
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = re.sub(r"\n\s*\n", ".\n", text)
    text = re.sub(r"\n(?=\W*[A-ZÅÄÖ])", " ¦ ", text)
    text = re.sub(r"[^\w\s.,;:!?…¦%+'–—-]", " ", _ABBREVIATIONS.sub(" ", text))
    text = re.sub(r"\s+", " ", text).strip()
    return _SPELT_OUT.sub(lambda found: found[0].replace(" ", ""), text).casefold()


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCES.split(_plain(text)) if sentence.strip()]


def _compiled(pattern: str) -> re.Pattern[str]:
    """A space stands for any gap between words, a tilde for one that may be missing."""
    gaps = {" ": "[ ¦]+", "~": "[ ¦]*"}
    return re.compile(rf"(?<!\w)(?:{re.sub('[ ~]', lambda gap: gaps[gap[0]], pattern)})(?!\w)")


# What denies

_NOT = (
    r"(?:inte|icke|ej|aldrig|ingen|inga|inget|varken|knappast|omöjligt att|saknar"
    r"|not|cannot|never|no|nor|neither|nobody|unable|impossible to|\w+n't)"
    r"(?! (?:bara|enbart|endast|svårt|minst|problem|only|just|merely|difficult|hard)(?!\w))"
)
_JOINS = r"(?:och|men|så|samt|eller|utan|and|but|so|or|yet)"
_PROMISE = (
    r"(?:(?:ut)?lova\w{0,2}|garant\w+|försäkra\w?|säkerställ\w*|löften?|räkna\w?|utgå\w?|tro\w?"
    r"|lita\w?|promis\w+|guarant\w+|assur\w+|ensur\w+|assum\w+|believ\w+|rely|trust|count)"
)
_FILL = r"(?:vi|jag|dig|er|dock|däremot|tyvärr|alltså|därför|heller|ändå|med|på|you|on)"
_SUBJECT = r"(?:du|ditt|din|vi|ingen|formuläret|tipset|you|your|we|nobody|no one|the form)(?!\w)"

_DENIED_BEFORE = re.compile(rf"(?<!\w){_NOT}(?: (?!{_JOINS} )[\w'-]+){{0,4}} $")
_WITHOUT = re.compile(r"(?<!\w)(?:utan|without(?: an?)?) $")
_DENIED_AFTER = re.compile(rf"(?: {_FILL})* {_NOT}(?!\w)")
_NO_PROMISE = re.compile(
    rf"(?<!\w)(?:{_NOT}(?: (?!{_JOINS} )[\w'-]+){{0,3}} {_PROMISE}|{_PROMISE}(?: {_FILL})* {_NOT})"
    r"(?!\w)"
)
# What ends the reach of "we cannot promise that …".
_TURN = re.compile(
    r"¦|(?<!\w)(?:men|utan|däremot|dock|så|but|however|yet|so|still)(?!\w)"
    rf"|(?:[,–—]|(?<!\w)och|(?<!\w)and) {_SUBJECT}"
)
_THAT = re.compile(r"(?:att|that|whether) [^,¦]*")
# "svårt att vara", where "inte svårt att vara" promises it.
_HARD = re.compile(
    r"^(?!.*(?:inte|aldrig|not|never|n't) ).*(?<!\w)(?:svårt|svårare|hard|harder|difficult)"
    r" (?:att|to) (?:vara|bli|förbli|be|stay|remain) $"
)
_IF = re.compile(r"(?<!\w)(?:om|ifall|när|if|when|whether|unless) $")

_WISHED = re.compile(
    r"(?<!\w)(?:vill(?: du| man| ni)?|väljer att|som|wish to|want to|prefer to|who|that) $"
)
# How a question begins that has come this far: a statement has its verb later.
_ASKED = re.compile(
    r"^(?:(?:går|kan|får|är|hur|när|varför|can|may|could|is|are|how|when|why)"
    r"(?: [\w'-]+){0,2} )?$"
)


def _is_denied(sentence: str, start: int, end: int) -> bool:
    """ "inte garanti": the negation stands next to the words."""
    return bool(_DENIED_BEFORE.search(_STOPS.split(sentence[:start])[-1]))


def _is_denied_verb(sentence: str, start: int, end: int) -> bool:
    """ "kan inte lova", "lovar vi inte": before the verb or right after it."""
    return _is_denied(sentence, start, end) or bool(_DENIED_AFTER.match(sentence, end))


def _is_denied_guarantee(sentence: str, start: int, end: int) -> bool:
    """ "utan garanti" as well."""
    return _is_denied_verb(sentence, start, end) or bool(_WITHOUT.search(sentence[:start]))


def _is_disclaimed(sentence: str, start: int, end: int) -> bool:
    """ "kan inte lova att …", "att … kan vi inte lova": said only as what is not promised."""
    if _THAT.fullmatch(sentence[:start]) and _NO_PROMISE.search(sentence, end):
        return True
    subject = re.compile(_SUBJECT).match(sentence, start)
    reach = subject.end() if subject else start
    return any(
        not _TURN.search(sentence, found.end(), reach)
        for found in _NO_PROMISE.finditer(sentence, 0, start)
    )


def _is_doubted(sentence: str, start: int, end: int) -> bool:
    return (
        _is_denied(sentence, start, end)
        or _is_disclaimed(sentence, start, end)
        or bool(_HARD.search(sentence[:start]))
    )


def _is_conditional(sentence: str, start: int, end: int) -> bool:
    return _is_doubted(sentence, start, end) or bool(_IF.search(sentence[:start]))


def _is_asked(sentence: str, start: int, end: int) -> bool:
    """ "kan du vara anonym", where "här kan du vara anonym" promises it."""
    return _is_conditional(sentence, start, end) or bool(_ASKED.search(sentence[:start]))


def _is_wished(sentence: str, start: int, end: int) -> bool:
    """ "den som tipsar anonymt", "många vill tipsa anonymt", "går det att tipsa anonymt"."""
    before = sentence[:start]
    is_question = bool(before and _ASKED.search(before))
    return _is_conditional(sentence, start, end) or is_question or bool(_WISHED.search(before))


# What nobody may promise. Each kind is written in both languages and looked for in all.

_WHOLLY = (
    r"helt(?: och hållet)?|fullständigt|fullkomligt|fullt(?: ut)?|totalt|absolut|alltid|komplett"
    r"|säkert|100~(?:%|procent)\w*|hundra~-?~procent\w*"
    r"|completely|fully|totally|absolutely|entirely|wholly|perfectly|truly|always|strictly"
    r"|(?:100|(?:a |one )?hundred)~(?:%|per~cent)"
)
# A word that takes nothing back, if any.
_ANY = (
    r"(?:(?!(?:inte|icke|ej|aldrig|ingen|inget|knappast|oftast|ofta|ibland|vanligen|normalt"
    r"|mer|mindre|more|less|not|never|no|hardly|usually|often|sometimes|normally)(?!\w))\w+ )?"
)
_YOU = r"(?:du|ni|man|tipset|ditt tips|tipsaren|den som tipsar|alla som tipsar)"
_TIED = r"(?:knytas|kopplas(?: ihop)?|härledas|spåras|bindas) (?:till|med) dig"
_TRACED = rf"(?:spåra\w*|identifiera\w*|{_TIED}|(?:knyta|koppla) (?:ihop )?tipset (?:till|med) dig)"
_SOUGHT = (
    r"(?:veta|reda på|ser? vem|vet vem|ta reda på|känna till"
    r"|(?:koppla|knyta) (?:ihop )?tipset (?:till|med) dig)"
)
_TIPSTER = (
    r"(?:vem (?:du är|ni är|tipsaren är|som (?:har )?(?:tipsat|tipsar|skickat|skickar))"
    r"|who (?:you are|you're|(?:has )?(?:sent|left) (?:it|the tip|a tip)))"
)
_FIND_OUT = (
    r"(?:se|veta|avgöra|lista ut|(?:ta|få) reda på|få veta"
    r"|see|know|tell|learn|determine|work out|find out)"
)
_CHANNEL = (
    r"(?:(?:(?:vårt|vår|det här|den här|detta|denna) )?"
    r"(?:tips)?(?:formulär(?:et)?|kanal(?:en)?|tjänst(?:en)?|linjen?|sidan?)"
    r"|webbplatsen|att tipsa|allt|detta|det här|det"
    r"|(?:the|this|our) (?:tip )?(?:form|line|service|channel|page|website|site|hotline)"
    r"|tipping|everything|this|it)"
)
_HIDDEN = (
    r"(?:skydda\w*|hemlig\w*|säker|säkert|trygg|tryggt|okän[dt]|dol[dt]|konfidentiell\w*"
    r"|protected|secret|safe|secure|hidden|unknown|confidential|anonymous)"
)
_IDENTITY = r"(?:(?:din|er|tipsarens) identitet|(?:ditt|ert|tipsarens) namn)"
_LEAVE = (
    r"(?:tipsar?|lämnar?|skickar?|skriv(?:a|er)?|berättar?|kontaktar?"
    r"|tip|report|write|send|leave|submit|tell|contact)"
)
_IT = (
    r"(?: (?:oss|ett|ditt|dina|in|till|här|tips|tipset|det|us|a|an|your|the|to|it|tips?"
    r"|information))*"
)
_WHO = (
    r"(?:vem (?:du|som)|vilka som|ditt namn|din identitet|namnet på den som|who (?:you|has|sent)"
    r"|your (?:name|identity))"
)
_TOPIC = (
    r"(?:anonym\w*|spår\w*|hemlig\w*|identitet\w*|namn\w*|skydd\w*|sekretess\w*|avslöj\w*|röj\w*"
    r"|veta|vem du är|anonymous\w*|anonymity|secre\w+|identity|name|confiden\w+|trace\w*|safe\w*"
    r"|protect\w*|reveal\w*|know|who you are)"
)

_PROMISES: tuple[tuple[Callable[[str, int, int], bool], re.Pattern[str]], ...] = tuple(
    (excuse, _compiled(pattern))
    for excuse, pattern in (
        # We guarantee.
        (
            _is_denied_guarantee,
            r"garant(?:i|in|ier|ierna|era\w*)|guarant(?:ee\w*|ies)",
        ),
        # We promise … anonymous.
        (_is_denied_verb, rf"(?:ut)?lova(?:r|de|t)?(?=[^,;]*(?<!\w){_TOPIC}(?!\w))"),
        (_is_denied_verb, rf"(?:vi|jag) försäkrar(?=[^,;]*(?<!\w){_TOPIC}(?!\w))"),
        (
            _is_denied_verb,
            rf"(?:promis(?:e|es|ed|ing)|assur(?:e|es|ed|ing)|vow|pledge|swear)"
            rf"(?=[^,;]*(?<!\w){_TOPIC}(?!\w))",
        ),
        # Wholly anonymous.
        (_is_doubted, rf"(?:{_WHOLLY})~(?:\w+ )?anonym\w*"),
        (_is_doubted, rf"anonym\w* (?:{_WHOLLY})"),
        (_is_doubted, r"anonymitet(?:en)? (?:är|skyddas|bevaras|tryggas|säkras)"),
        (_is_doubted, r"anonymity is (?:\w+ )?(?:protected|preserved|secured|assured|safe)"),
        (
            _is_doubted,
            r"(?:skyddar|bevarar|värnar|säkrar|tryggar) (?:alltid )?(?:din|tipsarens|er) "
            r"(?:anonymitet|identitet)",
        ),
        (
            _is_doubted,
            r"(?:protect|preserve|secure|safeguard)s? your (?:anonymity|identity)",
        ),
        # You are, remain or may be anonymous.
        (
            _is_conditional,
            rf"{_YOU} (?:är|blir|förblir|kommer att (?:vara|bli|förbli)"
            rf"|(?:kan|får|har rätt att) {_ANY}(?:vara|bli|förbli)) {_ANY}anonym\w*",
        ),
        (_is_asked, rf"(?:är|förblir|blir) {_YOU} {_ANY}anonym\w*"),
        (
            _is_asked,
            rf"(?:kan|får) {_YOU} {_ANY}(?:vara|bli|förbli) {_ANY}anonym\w*",
        ),
        (
            _is_conditional,
            r"(?:you|your tip|tips) (?:are|is|remain|remains|stay|stays|will (?:be|remain|stay)"
            rf"|(?:can|may|have the right to) {_ANY}(?:be|remain|stay)) {_ANY}anonymous(?:ly)?"
            rf"|you're {_ANY}anonymous",
        ),
        # Tip us anonymously.
        (
            _is_wished,
            rf"(?:(?:du|man|ni|you) (?:(?:kan|får|can|may) )?)?{_LEAVE}{_IT} "
            rf"(?:{_ANY}anonymt(?: tips)?|anonymously|anonymous tip)",
        ),
        # The form is anonymous.
        (_is_asked, rf"(?:är|blir|förblir) {_CHANNEL} {_ANY}anonymt?"),
        (
            _is_conditional,
            rf"{_CHANNEL} (?:är|blir|förblir|is|stays|remains|will be) {_ANY}anonym(?:t|ous)?",
        ),
        (
            _is_conditional,
            r"anonym\w* (?:tips)?(?:formulär|kanal|tjänst|linje|sida)\w*"
            r"|anonymous (?:tip )?(?:form|line|channel|service|hotline|page|website)",
        ),
        # Your identity is protected.
        (_is_conditional, rf"{_IDENTITY} (?:är|blir|förblir|hålls) {_ANY}{_HIDDEN}"),
        (
            _is_conditional,
            rf"{_IDENTITY} (?:skyddas|hemlighålls|döljs)"
            r"(?! (?:inte|aldrig|oftast|ofta|ibland|vanligen|normalt)(?!\w))",
        ),
        (_is_asked, rf"(?:är|blir|förblir|hålls) {_IDENTITY} {_ANY}{_HIDDEN}"),
        (
            _is_conditional,
            r"your (?:identity|name) (?:is|stays|remains|will (?:be|stay|remain))"
            rf"(?: kept)? {_ANY}{_HIDDEN}",
        ),
        # We cannot see who you are.
        (
            _is_conditional,
            rf"vi (?:(?:kan|kommer att|får|ska) )?(?:inte|aldrig|ej) (?:ens )?(?:kan )?"
            rf"(?:{_FIND_OUT}|vet|ser) {_TIPSTER}",
        ),
        (_is_conditional, rf"vi (?:vet|ser) (?:inte|aldrig|ej) (?:ens )?{_TIPSTER}"),
        (_is_conditional, rf"inte ens vi (?:kan )?(?:{_FIND_OUT}|vet|ser) {_TIPSTER}"),
        (
            _is_disclaimed,
            r"(?:går (?:inte|aldrig|ej)(?: ens)? att|omöjligt att"
            r"|(?:inte|ingen|inget) (?:möjlighet|sätt) att"
            r"|impossible to|no (?:way|possibility|means) to)"
            rf" {_FIND_OUT} {_TIPSTER}",
        ),
        (
            _is_conditional,
            r"we (?:cannot|can not|can't|do not|don't|(?:(?:can|could|will) )?never|will not|won't)"
            rf" (?:even )?{_FIND_OUT} {_TIPSTER}",
        ),
        (_is_disclaimed, rf"no way of (?:seeing|knowing|telling|finding out) {_TIPSTER}"),
        # Cannot be traced.
        (
            _is_disclaimed,
            rf"(?:kan|går|kunna|gå|kommer|ska|skall) (?:\w+ ){{0,2}}(?:inte|aldrig|ej|omöjligen) "
            rf"(?:\w+ ){{0,3}}{_TRACED}",
        ),
        (
            _is_disclaimed,
            rf"(?:inte|aldrig|ej|omöjligen) (?:kan |går att |ska |kommer att )?"
            rf"(?:ens (?:\w+ ){{0,3}}|\w+ )?{_TRACED}",
        ),
        (_is_disclaimed, r"(?:spåras|spårar) (?:vi |dig |du |det )?(?:inte|aldrig|ej)"),
        (_is_disclaimed, rf"(?:omöjligt?|omöjliga) (?:\w+ ){{0,3}}{_TRACED}"),
        (_is_disclaimed, r"(?:ingen|inget) (?:\w+ ){0,4}spåra\w*"),
        (_is_disclaimed, rf"(?:inget|ingenting|inga \w+) (?:\w+ ){{0,4}}{_TIED}"),
        (
            _is_disclaimed,
            r"(?:cannot|can not|can't|can never|could never|will never|won't|will not)"
            r" be (?:linked|tied|connected)(?: back)? to you",
        ),
        (
            _is_disclaimed,
            r"nothing (?:\w+ ){0,4}(?:traced|tracked|linked|tied|connected)(?: back)? to you",
        ),
        (
            _is_disclaimed,
            r"(?:no one|no-one|nobody) (?:\w+ ){0,3}(?:link|tie|connect) (?:\w+ ){0,3}to you",
        ),
        (_is_disclaimed, r"ospårba\w+|spårlös\w*|utan (?:ett |några )?spår|inga (?:\w+ )?spår"),
        (
            _is_disclaimed,
            r"(?:cannot|can not|can't|can never|could never|won't|will not|will never|never|not) "
            r"(?:\w+ ){0,2}(?:trace(?:d|able)?|track(?:ed)?|identif(?:y|ied|iable))",
        ),
        (_is_disclaimed, r"untracea\w+|no (?:\w+ )?traces?|without (?:a |any )?traces?"),
        (_is_disclaimed, r"impossible (?:\w+ ){0,3}(?:trace|track|identify)"),
        (_is_disclaimed, r"(?:no one|no-one|nobody) (?:\w+ ){0,3}(?:trace|track|identify)"),
        # Nobody will know.
        (_is_disclaimed, rf"ingen (?:\w+ ){{0,4}}{_SOUGHT}"),
        (_is_disclaimed, rf"(?:får|kommer|ska) ingen (?:\w+ ){{0,4}}{_SOUGHT}"),
        (
            _is_disclaimed,
            r"(?:no one|no-one|nobody) (?:\w+ ){0,4}(?:know|knows|find out|finds out|learn|see who)",
        ),
        # We never reveal.
        (
            _is_disclaimed,
            rf"(?:avslöja|röj|lämna|berätta|sprid)\w* (?:vi )?aldrig (?:ut |för någon )?{_WHO}",
        ),
        (_is_disclaimed, rf"aldrig (?:att )?(?:avslöja|röj|lämna|berätta)\w* (?:ut )?{_WHO}"),
        (_is_disclaimed, rf"{_WHO} (?:\w+ )?(?:avslöjas|röjs|lämnas) aldrig"),
        (
            _is_disclaimed,
            rf"never (?:reveal|disclose|share|expose|tell anyone|give out) {_WHO}",
        ),
        (
            _is_disclaimed,
            rf"(?:berättar|avslöjar|röjer) (?:vi )?inte (?:för någon )?{_WHO}",
        ),
        (
            _is_disclaimed,
            rf"(?:do not|don't|will not|won't) (?:reveal|disclose|share|tell anyone) {_WHO}",
        ),
        (_is_disclaimed, rf"{_WHO} (?:\w+ )?never (?:be )?(?:revealed|disclosed|shared|exposed)"),
    )
)


def promises_in(text: str) -> list[str]:
    """The words of a text that promise what nobody may promise, as they stand when read."""
    return [found for sentence in _sentences(text) for found in _promised(sentence)]


def _promised(sentence: str) -> Iterator[str]:
    taken: list[range] = []
    for excuse, pattern in _PROMISES:
        for found in pattern.finditer(sentence):
            start, end = found.span()
            if any(start < other.stop and other.start < end for other in taken):
                continue
            if not excuse(sentence, start, end):
                taken.append(range(start, end))
                yield found[0].replace("¦", "").strip()


# What must be said, in the languages whose words we know; in others the numbers alone.

_NO_ANONYMITY = re.compile(
    rf"{_NO_PROMISE.pattern}.*(?<!\w)anonym|^att .*anonym.*{_NO_PROMISE.pattern}"
)
_DOCUMENT = {
    "sv": _compiled(r"allmän(?:na)? handling(?:en|ar|arna)?"),
    "en": _compiled(r"(?:official|public) (?:document|record)s?"),
}

# "Ring inte 112", but neither "tveka inte att ringa 112" nor "ring inte oss utan 112".
_CALL = r"(?:ring\w*|slå\w*|call|phone|dial|ring|use)"
_GAP = rf"(?: (?!{_JOINS} )[\w'-]+){{0,3}} $"
_NOT_TO_CALL = re.compile(
    rf"(?<!\w){_CALL}(?: (?:du|ni|man))? {_NOT}{_GAP}|(?<!\w){_NOT}(?: need to)? {_CALL}{_GAP}"
)
_NOT_CALLED = re.compile(
    rf" (?:ska|skall|får|bör|behöver) (?:du|ni|man) {_NOT} {_CALL}"
    rf"|,? (?:must|should|may|can) ?{_NOT} be (?:called|phoned|dialled|used)"
)


def _says_number(sentence: str, language: str, number: str) -> bool:
    return any(
        not _NOT_TO_CALL.search(_STOPS.split(sentence[: found.start()])[-1])
        and not _NOT_CALLED.match(sentence, found.end())
        for found in re.finditer(rf"(?<![\d+-])(?:{number})(?![\d-])", sentence)
    )


def _says_no_anonymity(sentence: str, language: str) -> bool:
    return language not in _DOCUMENT or bool(_NO_ANONYMITY.search(sentence))


def _says_official_document(sentence: str, language: str) -> bool:
    return language not in _DOCUMENT or any(
        not _is_denied(sentence, *found.span()) for found in _DOCUMENT[language].finditer(sentence)
    )


# Without its first nought, with or without what stands between the digits.
_OUR_NUMBER = re.sub("[ -]", "[ -]?", settings.PHONE.removeprefix("0"))
_STATES: dict[str, Callable[[str, str], bool]] = {
    "112": partial(_says_number, number="112"),
    "114 14": partial(_says_number, number="114[ -]?14"),
    settings.PHONE: partial(
        _says_number, number=r"(?:0|(?:\+|00)46[ -]?(?:\(?0\)? ?)?)" + _OUR_NUMBER
    ),
    "anonymity": _says_no_anonymity,
    "official document": _says_official_document,
}


def states(fact: str, texts: Iterable[str], language: str) -> bool:
    """Whether the texts, taken together, say what every tipster must be told."""
    return any(_STATES[fact](sentence, language) for text in texts for sentence in _sentences(text))
