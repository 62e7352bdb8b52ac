"""What the texts of the channel must say to every tipster."""

import re
from collections.abc import Callable, Iterable
from functools import partial

from django.conf import settings

from .denials import JOINS, NO_PROMISE, NOT, is_denied
from .sentences import STOPS, compiled, sentences_in

# In the languages whose words we know; in others we look for the numbers alone.

_NO_ANONYMITY = re.compile(
    rf"{NO_PROMISE.pattern}.*(?<!\w)anonym|^att .*anonym.*{NO_PROMISE.pattern}"
)
_DOCUMENT = {
    "sv": compiled(r"allmän(?:na)? handling(?:en|ar|arna)?"),
    "en": compiled(r"(?:official|public) (?:document|record)s?"),
}

# "Ring inte 112", but neither "tveka inte att ringa 112" nor "ring inte oss utan 112".
_CALL = r"(?:ring\w*|slå\w*|call|phone|dial|ring|use)"
_GAP = rf"(?: (?!{JOINS} )[\w'-]+){{0,3}} $"
_NOT_TO_CALL = re.compile(
    rf"(?<!\w){_CALL}(?: (?:du|ni|man))? {NOT}{_GAP}|(?<!\w){NOT}(?: need to)? {_CALL}{_GAP}"
)
_NOT_CALLED = re.compile(
    rf" (?:ska|skall|får|bör|behöver) (?:du|ni|man) {NOT} {_CALL}"
    rf"|,? (?:must|should|may|can) ?{NOT} be (?:called|phoned|dialled|used)"
)


def _says_number(sentence: str, language: str, number: str) -> bool:
    return any(
        not _NOT_TO_CALL.search(STOPS.split(sentence[: found.start()])[-1])
        and not _NOT_CALLED.match(sentence, found.end())
        for found in re.finditer(rf"(?<![\d+-])(?:{number})(?![\d-])", sentence)
    )


def _says_no_anonymity(sentence: str, language: str) -> bool:
    return language not in _DOCUMENT or bool(_NO_ANONYMITY.search(sentence))


def _says_official_document(sentence: str, language: str) -> bool:
    return language not in _DOCUMENT or any(
        not is_denied(sentence, *found.span()) for found in _DOCUMENT[language].finditer(sentence)
    )


# Without its first nought, with or without signs between the digits.
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
    return any(
        _STATES[fact](sentence, language) for text in texts for sentence in sentences_in(text)
    )
