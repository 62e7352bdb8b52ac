"""Whether a sentence in Swedish or English denies, doubts, asks or wishes what its words say."""

import re

from .sentences import STOPS

NOT = (
    r"(?:inte|icke|ej|aldrig|ingen|inga|inget|varken|knappast|omöjligt att|saknar"
    r"|not|cannot|never|no|nor|neither|nobody|unable|impossible to|\w+n't)"
    r"(?! (?:bara|enbart|endast|svårt|minst|problem|only|just|merely|difficult|hard)(?!\w))"
)
JOINS = r"(?:och|men|så|samt|eller|utan|and|but|so|or|yet)"
_PROMISE = (
    r"(?:(?:ut)?lova\w{0,2}|garant\w+|försäkra\w?|säkerställ\w*|löften?|räkna\w?|utgå\w?|tro\w?"
    r"|lita\w?|promis\w+|guarant\w+|assur\w+|ensur\w+|assum\w+|believ\w+|rely|trust|count)"
)
_FILL = r"(?:vi|jag|dig|er|dock|däremot|tyvärr|alltså|därför|heller|ändå|med|på|you|on)"
_SUBJECT = r"(?:du|ditt|din|vi|ingen|formuläret|tipset|you|your|we|nobody|no one|the form)(?!\w)"

_DENIED_BEFORE = re.compile(rf"(?<!\w){NOT}(?: (?!{JOINS} )[\w'-]+){{0,4}} $")
_WITHOUT = re.compile(r"(?<!\w)(?:utan|without(?: an?)?) $")
_DENIED_AFTER = re.compile(rf"(?: {_FILL})* {NOT}(?!\w)")
NO_PROMISE = re.compile(
    rf"(?<!\w)(?:{NOT}(?: (?!{JOINS} )[\w'-]+){{0,3}} {_PROMISE}|{_PROMISE}(?: {_FILL})* {NOT})"
    r"(?!\w)"
)
# Words at which the reach of "we cannot promise that …" ends.
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
# A question begins with its verb; a statement has it later.
_ASKED = re.compile(
    r"^(?:(?:går|kan|får|är|hur|när|varför|can|may|could|is|are|how|when|why)"
    r"(?: [\w'-]+){0,2} )?$"
)


def is_denied(sentence: str, start: int, end: int) -> bool:
    """ "inte garanti": the negation stands next to the words."""
    return bool(_DENIED_BEFORE.search(STOPS.split(sentence[:start])[-1]))


def is_denied_verb(sentence: str, start: int, end: int) -> bool:
    """ "kan inte lova", "lovar vi inte": before the verb or right after it."""
    return is_denied(sentence, start, end) or bool(_DENIED_AFTER.match(sentence, end))


def is_denied_guarantee(sentence: str, start: int, end: int) -> bool:
    """ "utan garanti" as well."""
    return is_denied_verb(sentence, start, end) or bool(_WITHOUT.search(sentence[:start]))


def is_disclaimed(sentence: str, start: int, end: int) -> bool:
    """ "kan inte lova att …", "att … kan vi inte lova": said only as what is not promised."""
    if _THAT.fullmatch(sentence[:start]) and NO_PROMISE.search(sentence, end):
        return True
    subject = re.compile(_SUBJECT).match(sentence, start)
    reach = subject.end() if subject else start
    return any(
        not _TURN.search(sentence, found.end(), reach)
        for found in NO_PROMISE.finditer(sentence, 0, start)
    )


def is_doubted(sentence: str, start: int, end: int) -> bool:
    return (
        is_denied(sentence, start, end)
        or is_disclaimed(sentence, start, end)
        or bool(_HARD.search(sentence[:start]))
    )


def is_conditional(sentence: str, start: int, end: int) -> bool:
    return is_doubted(sentence, start, end) or bool(_IF.search(sentence[:start]))


def is_asked(sentence: str, start: int, end: int) -> bool:
    """ "kan du vara anonym", where "här kan du vara anonym" promises it."""
    return is_conditional(sentence, start, end) or bool(_ASKED.search(sentence[:start]))


def is_wished(sentence: str, start: int, end: int) -> bool:
    """ "den som tipsar anonymt", "många vill tipsa anonymt", "går det att tipsa anonymt"."""
    before = sentence[:start]
    is_question = bool(before and _ASKED.search(before))
    return is_conditional(sentence, start, end) or is_question or bool(_WISHED.search(before))
