"""Words in another language than readers are told: most often a translation that nobody has written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext
from wagtail.models import Page

from pages.ground.function_words import FUNCTION_WORDS

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .language_of_words import swedish_rather_than_english
from .met import Kind, Passage, Spot

_SWEDISH, _ENGLISH = "sv", "en"
_SHARED = FUNCTION_WORDS[_SWEDISH] & FUNCTION_WORDS[_ENGLISH] | {"must"}  # an agency
_MORE = {
    _SWEDISH: "inom mellan genom samtidigt sedan mycket flera andra utan bland",
    _ENGLISH: "between through its into other such against these those",
}
_TELLING = {
    name: (words | set(_MORE[name].split())) - _SHARED for name, words in FUNCTION_WORDS.items()
}
# As they stand in an address, without the marks above their letters.
_IN_SLUGS = {name: {slugify(word) for word in words} for name, words in _TELLING.items()}
_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"[”“\"»«][^”“\"»«\n]{0,400}[”“\"»«]")
# Letters of one of the two languages; a name may have them anywhere.
_SWEDISH_LETTERS = re.compile(r"[a-zåäöé]*[åäö][a-zåäöé]*")
# A line must say so by this many words, a whole text by so many.
_FEWEST_IN_LINE, _FEWEST_IN_ALL = 3, 4
# From here on the letters of a title or an address say that it is of the other language. English words
# stand in many Swedish titles, so of them more is asked.
_SWEDISH_FROM, _ENGLISH_FROM = 8, -15
_OUR_NAME = re.compile(r"s[äa]kerhetspolisens?", re.IGNORECASE)
_IN_ENGLISH = "_in_english"


@dataclass(frozen=True)
class _Line:
    passage: Passage
    words: str
    language: str
    own: int
    other: int

    @property
    def is_other(self) -> bool:
        if self.passage.kind in (Kind.TITLE, Kind.HEADING):
            by_words = self.other > 3 * self.own
            return by_words or (not self.own and _is_told_by_letters(self.words, self.language))
        return self.other >= _FEWEST_IN_LINE and self.other > 3 * self.own


class OtherLanguage(ContentCheck):
    name = "other_language"
    colour = Colour.AMBER

    def find(self, content: Content) -> Iterator[Finding]:
        own = _language_of(content.object)
        if own not in FUNCTION_WORDS:
            return
        for is_english in (False, True):
            language = _ENGLISH if is_english else own
            lines = [
                _line(passage, words, language)
                for passage in content.passages
                if passage.spot.path.endswith(_IN_ENGLISH) == is_english
                for words in _lines_of(passage)
            ]
            yield from self._of_lines(lines, language)
        if isinstance(content.object, Page):
            yield from self._of_address(content.object, own)

    def _of_lines(self, lines: list[_Line], language: str) -> Iterator[Finding]:
        own, other = (sum(getattr(each, name) for each in lines) for name in ("own", "other"))
        if other >= _FEWEST_IN_ALL and other > 2 * own:
            longest = max(
                (each for each in lines if each.is_other),
                key=lambda each: each.other,
                default=lines[0],
            )
            # English is often quoted whole among the Swedish; the other way round nobody has translated.
            yield self._finding(longest, language, Colour.RED if language == _ENGLISH else None)
            return
        for line in lines:
            # What somebody has said stands in the language of the one who said it.
            if line.is_other and ".quote." not in f".{line.passage.spot.path}.":
                yield self._finding(line, language)

    def _finding(self, line: _Line, language: str, colour: Colour | None = None) -> Finding:
        words = " ".join(line.words.split())
        start = f"{words[:60]}…" if len(words) > 60 else words
        if language == _ENGLISH:
            title = gettext("Swedish text among the English")
            why = gettext("“%(words)s” is Swedish, and readers expect English.")
        else:
            title = gettext("English text among the Swedish")
            why = gettext("“%(words)s” is English, and readers expect Swedish.")
        return self.finding(
            line.passage.spot,
            title=title,
            why=why % {"words": start},
            fix=gettext("Translate it, or say in the text that it is quoted."),
            words=words,
            colour=colour,
        )

    def _of_address(self, page: Page, own: str) -> Iterator[Finding]:
        if is_other_slug(page, own):
            yield self.finding(
                Spot("slug", "slug"),
                title=gettext("The address is in the other language"),
                why=gettext("“%(slug)s” is not in the language of the page.") % {"slug": page.slug},
                fix=gettext("Write the address anew, after the page's own title."),
                words=page.slug,
            )


def _language_of(obj: object) -> str:
    if getattr(obj, "language", ""):
        return ""  # of a twin in a third one
    locale = getattr(obj, "locale", None)
    return locale.language_code if locale is not None else settings.LANGUAGE_CODE


def _lines_of(passage: Passage) -> list[str]:
    return [] if passage.kind is Kind.ADDRESS else passage.words.splitlines()


def _line(passage: Passage, words: str, language: str) -> _Line:
    own, other = told_in(_QUOTED.sub(" ", words), language)
    return _Line(passage, words, language, own, other)


def told_in(text: str, language: str) -> tuple[int, int]:
    """How many words of a text tell its own language of the two, and how many the other one."""
    words = _WORD.findall(text)
    plain = [word.casefold() for word in words]
    counts = {name: sum(word in telling for word in plain) for name, telling in _TELLING.items()}
    # A word in small letters is no name.
    counts[_SWEDISH] += sum(
        bool(_SWEDISH_LETTERS.fullmatch(word)) and word not in _TELLING[_SWEDISH] for word in words
    )
    other = _SWEDISH if language == _ENGLISH else _ENGLISH
    return counts[language], counts[other]


def is_other_slug(page: Page, language: str) -> bool:
    """Whether the last part of the address is in the other language, or copied from the other page."""
    parts = page.slug.split("-")
    other = _SWEDISH if language == _ENGLISH else _ENGLISH
    own, of_other = (
        sum(
            part in _IN_SLUGS[name] and len(part) > 1 and part not in _IN_SLUGS[them]
            for part in parts
        )
        for name, them in ((language, other), (other, language))
    )
    if of_other > own or (not own and _is_told_by_letters(page.slug, language)):
        return True
    is_own_title = slugify(page.title) == page.slug
    return language == _ENGLISH and not is_own_title and _is_copied(page)


def _is_copied(page: Page) -> bool:
    twins = Page.objects.filter(translation_key=page.translation_key, slug=page.slug)
    return page.pk is not None and twins.exclude(pk=page.pk).exists()


def _is_told_by_letters(words: str, language: str) -> bool:
    by_letters = swedish_rather_than_english(_OUR_NAME.sub(" ", words))
    return by_letters > _SWEDISH_FROM if language == _ENGLISH else by_letters < _ENGLISH_FROM
