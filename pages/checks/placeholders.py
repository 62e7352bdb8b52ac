"""Words that somebody meant to replace before readers see them."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.checks.models import PhraseKind

from .checked_content import Content
from .findings import ContentCheck, Finding
from .met import Kind, Passage
from .phrase_finding import phrases_in

# Of what else may be meant so, who publishes it says why: a Roman XXX, a Spanish TODO.
_UNFINISHED = re.compile(
    r"""
    (?<![\w-])(?i:todo:)
    |(?<![\w-])(?:TODO|FIXME|TBD|TBA|X{3,}|ATT\ GÖRA|FYLL\ I)(?![\w-])
    |(?<![\w/=-])xx+(?![\w-])
    |\b(?:[Dd]en|kl\.?|klockan|lokal|sal|rum|telefon|datum)\ (?:XX|YY|ZZ|NN)(?![\w-])
    |(?<!\w)(?i:lorem\ ipsum|(?:text|bild|länk|ingress)\ kommer(?=\s*(?:här|senare|[.)]))
        |här\ kommer\ (?:en\ )?(?:text|bild|länk)(?:en)?\b|rubrik\ (?:saknas|här)\b)
    |\[\s*(?i:fyll|skriv|ange|infoga|komplettera|namn|datum|telefon|tid|länk|bild|text|rubrik|todo|xx+)
        (?!\w)[^\][]{0,80}\]
    |\{\{[^{}]{0,60}\}\}
    |\?{3}
    """,
    re.VERBOSE,
)
_ALONE = {"rubrik", "mellanrubrik", "ingress", "bildtext", "namnlös"}


class PlaceholderText(ContentCheck):
    name = "placeholder"
    title = _("Text that is not finished")
    why = _("“%(words)s” looks like something you meant to replace.")
    fix = _("Finish writing, or take the words out.")

    def find(self, content: Content) -> Iterator[Finding]:
        known = ((each, words) for each in content.passages for words in unfinished_in(each))
        kept = ((each, words) for each, words, _at in phrases_in(content, PhraseKind.PLACEHOLDER))
        for passage, words in (*known, *kept):
            yield self.finding(passage.spot, words=words)


def unfinished_in(passage: Passage) -> Iterator[str]:
    """The words of the passage that are no text yet."""
    if passage.kind is Kind.ADDRESS:
        return
    whole = " ".join(passage.words.split())
    if whole.strip(" .:").casefold() in _ALONE:
        yield whole
        return
    for match in _UNFINISHED.finditer(passage.words):
        yield " ".join(match[0].split())
