"""What the texts of the channel may not say, because nobody may promise it.

A tip becomes an official document; who sent it may have to be found out. So no text may say that
somebody is or may be anonymous, that a tip cannot be traced or that nobody can see who sent it,
unless it only denies, doubts or asks: "vi kan inte lova att du förblir anonym".
"""

import re
from collections.abc import Callable, Iterator

from .denials import (
    is_asked,
    is_conditional,
    is_denied_guarantee,
    is_denied_verb,
    is_disclaimed,
    is_doubted,
    is_wished,
)
from .sentences import compiled, sentences_in

# Each kind is written in both languages and looked for in all.

_WHOLLY = (
    r"helt(?: och hållet)?|fullständigt|fullkomligt|fullt(?: ut)?|totalt|absolut|alltid|komplett"
    r"|säkert|100~(?:%|procent)\w*|hundra~-?~procent\w*"
    r"|completely|fully|totally|absolutely|entirely|wholly|perfectly|truly|always|strictly"
    r"|(?:100|(?:a |one )?hundred)~(?:%|per~cent)"
)
# Perhaps one word more, which takes nothing back.
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
    (excuse, compiled(pattern))
    for excuse, pattern in (
        # We guarantee.
        (
            is_denied_guarantee,
            r"garant(?:i|in|ier|ierna|era\w*)|guarant(?:ee\w*|ies)",
        ),
        # We promise … anonymous.
        (is_denied_verb, rf"(?:ut)?lova(?:r|de|t)?(?=[^,;]*(?<!\w){_TOPIC}(?!\w))"),
        (is_denied_verb, rf"(?:vi|jag) försäkrar(?=[^,;]*(?<!\w){_TOPIC}(?!\w))"),
        (
            is_denied_verb,
            rf"(?:promis(?:e|es|ed|ing)|assur(?:e|es|ed|ing)|vow|pledge|swear)"
            rf"(?=[^,;]*(?<!\w){_TOPIC}(?!\w))",
        ),
        # Wholly anonymous.
        (is_doubted, rf"(?:{_WHOLLY})~(?:\w+ )?anonym\w*"),
        (is_doubted, rf"anonym\w* (?:{_WHOLLY})"),
        (is_doubted, r"anonymitet(?:en)? (?:är|skyddas|bevaras|tryggas|säkras)"),
        (is_doubted, r"anonymity is (?:\w+ )?(?:protected|preserved|secured|assured|safe)"),
        (
            is_doubted,
            r"(?:skyddar|bevarar|värnar|säkrar|tryggar) (?:alltid )?(?:din|tipsarens|er) "
            r"(?:anonymitet|identitet)",
        ),
        (
            is_doubted,
            r"(?:protect|preserve|secure|safeguard)s? your (?:anonymity|identity)",
        ),
        # You are, remain or may be anonymous.
        (
            is_conditional,
            rf"{_YOU} (?:är|blir|förblir|kommer att (?:vara|bli|förbli)"
            rf"|(?:kan|får|har rätt att) {_ANY}(?:vara|bli|förbli)) {_ANY}anonym\w*",
        ),
        (is_asked, rf"(?:är|förblir|blir) {_YOU} {_ANY}anonym\w*"),
        (
            is_asked,
            rf"(?:kan|får) {_YOU} {_ANY}(?:vara|bli|förbli) {_ANY}anonym\w*",
        ),
        (
            is_conditional,
            r"(?:you|your tip|tips) (?:are|is|remain|remains|stay|stays|will (?:be|remain|stay)"
            rf"|(?:can|may|have the right to) {_ANY}(?:be|remain|stay)) {_ANY}anonymous(?:ly)?"
            rf"|you're {_ANY}anonymous",
        ),
        # Tip us anonymously.
        (
            is_wished,
            rf"(?:(?:du|man|ni|you) (?:(?:kan|får|can|may) )?)?{_LEAVE}{_IT} "
            rf"(?:{_ANY}anonymt(?: tips)?|anonymously|anonymous tip)",
        ),
        # The form is anonymous.
        (is_asked, rf"(?:är|blir|förblir) {_CHANNEL} {_ANY}anonymt?"),
        (
            is_conditional,
            rf"{_CHANNEL} (?:är|blir|förblir|is|stays|remains|will be) {_ANY}anonym(?:t|ous)?",
        ),
        (
            is_conditional,
            r"anonym\w* (?:tips)?(?:formulär|kanal|tjänst|linje|sida)\w*"
            r"|anonymous (?:tip )?(?:form|line|channel|service|hotline|page|website)",
        ),
        # Your identity is protected.
        (is_conditional, rf"{_IDENTITY} (?:är|blir|förblir|hålls) {_ANY}{_HIDDEN}"),
        (
            is_conditional,
            rf"{_IDENTITY} (?:skyddas|hemlighålls|döljs)"
            r"(?! (?:inte|aldrig|oftast|ofta|ibland|vanligen|normalt)(?!\w))",
        ),
        (is_asked, rf"(?:är|blir|förblir|hålls) {_IDENTITY} {_ANY}{_HIDDEN}"),
        (
            is_conditional,
            r"your (?:identity|name) (?:is|stays|remains|will (?:be|stay|remain))"
            rf"(?: kept)? {_ANY}{_HIDDEN}",
        ),
        # We cannot see who you are.
        (
            is_conditional,
            rf"vi (?:(?:kan|kommer att|får|ska) )?(?:inte|aldrig|ej) (?:ens )?(?:kan )?"
            rf"(?:{_FIND_OUT}|vet|ser) {_TIPSTER}",
        ),
        (is_conditional, rf"vi (?:vet|ser) (?:inte|aldrig|ej) (?:ens )?{_TIPSTER}"),
        (is_conditional, rf"inte ens vi (?:kan )?(?:{_FIND_OUT}|vet|ser) {_TIPSTER}"),
        (
            is_disclaimed,
            r"(?:går (?:inte|aldrig|ej)(?: ens)? att|omöjligt att"
            r"|(?:inte|ingen|inget) (?:möjlighet|sätt) att"
            r"|impossible to|no (?:way|possibility|means) to)"
            rf" {_FIND_OUT} {_TIPSTER}",
        ),
        (
            is_conditional,
            r"we (?:cannot|can not|can't|do not|don't|(?:(?:can|could|will) )?never|will not|won't)"
            rf" (?:even )?{_FIND_OUT} {_TIPSTER}",
        ),
        (is_disclaimed, rf"no way of (?:seeing|knowing|telling|finding out) {_TIPSTER}"),
        # Cannot be traced.
        (
            is_disclaimed,
            rf"(?:kan|går|kunna|gå|kommer|ska|skall) (?:\w+ ){{0,2}}(?:inte|aldrig|ej|omöjligen) "
            rf"(?:\w+ ){{0,3}}{_TRACED}",
        ),
        (
            is_disclaimed,
            rf"(?:inte|aldrig|ej|omöjligen) (?:kan |går att |ska |kommer att )?"
            rf"(?:ens (?:\w+ ){{0,3}}|\w+ )?{_TRACED}",
        ),
        (is_disclaimed, r"(?:spåras|spårar) (?:vi |dig |du |det )?(?:inte|aldrig|ej)"),
        (is_disclaimed, rf"(?:omöjligt?|omöjliga) (?:\w+ ){{0,3}}{_TRACED}"),
        (is_disclaimed, r"(?:ingen|inget) (?:\w+ ){0,4}spåra\w*"),
        (is_disclaimed, rf"(?:inget|ingenting|inga \w+) (?:\w+ ){{0,4}}{_TIED}"),
        (
            is_disclaimed,
            r"(?:cannot|can not|can't|can never|could never|will never|won't|will not)"
            r" be (?:linked|tied|connected)(?: back)? to you",
        ),
        (
            is_disclaimed,
            r"nothing (?:\w+ ){0,4}(?:traced|tracked|linked|tied|connected)(?: back)? to you",
        ),
        (
            is_disclaimed,
            r"(?:no one|no-one|nobody) (?:\w+ ){0,3}(?:link|tie|connect) (?:\w+ ){0,3}to you",
        ),
        (is_disclaimed, r"ospårba\w+|spårlös\w*|utan (?:ett |några )?spår|inga (?:\w+ )?spår"),
        (
            is_disclaimed,
            r"(?:cannot|can not|can't|can never|could never|won't|will not|will never|never|not) "
            r"(?:\w+ ){0,2}(?:trace(?:d|able)?|track(?:ed)?|identif(?:y|ied|iable))",
        ),
        (is_disclaimed, r"untracea\w+|no (?:\w+ )?traces?|without (?:a |any )?traces?"),
        (is_disclaimed, r"impossible (?:\w+ ){0,3}(?:trace|track|identify)"),
        (is_disclaimed, r"(?:no one|no-one|nobody) (?:\w+ ){0,3}(?:trace|track|identify)"),
        # Nobody will know.
        (is_disclaimed, rf"ingen (?:\w+ ){{0,4}}{_SOUGHT}"),
        (is_disclaimed, rf"(?:får|kommer|ska) ingen (?:\w+ ){{0,4}}{_SOUGHT}"),
        (
            is_disclaimed,
            r"(?:no one|no-one|nobody) (?:\w+ ){0,4}(?:know|knows|find out|finds out|learn|see who)",
        ),
        # We never reveal.
        (
            is_disclaimed,
            rf"(?:avslöja|röj|lämna|berätta|sprid)\w* (?:vi )?aldrig (?:ut |för någon )?{_WHO}",
        ),
        (is_disclaimed, rf"aldrig (?:att )?(?:avslöja|röj|lämna|berätta)\w* (?:ut )?{_WHO}"),
        (is_disclaimed, rf"{_WHO} (?:\w+ )?(?:avslöjas|röjs|lämnas) aldrig"),
        (
            is_disclaimed,
            rf"never (?:reveal|disclose|share|expose|tell anyone|give out) {_WHO}",
        ),
        (
            is_disclaimed,
            rf"(?:berättar|avslöjar|röjer) (?:vi )?inte (?:för någon )?{_WHO}",
        ),
        (
            is_disclaimed,
            rf"(?:do not|don't|will not|won't) (?:reveal|disclose|share|tell anyone) {_WHO}",
        ),
        (is_disclaimed, rf"{_WHO} (?:\w+ )?never (?:be )?(?:revealed|disclosed|shared|exposed)"),
    )
)


def promises_in(text: str) -> list[str]:
    """The words in a text that promise what nobody may promise, as a reader sees them."""
    return [found for sentence in sentences_in(text) for found in _promised(sentence)]


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
