"""Links that do not say where they lead."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Mention, WaitingLink, WrittenAddress

# A link of these words alone says nothing to who hears the links of a page read aloud.
_EMPTY_WORDS = """
    artikeln att den denna det detta du dokumentet eller en filen finns fortsätt för följ följande gå hela
    hit hämta här i info information kan klicka ladda länk länken läs läsa mer mera ned nedan ner nyheten och
    om pdf pdfen på se sida sidan sidor sidorna texten till tryck var veta via vidare visa webbplats webbplatsen webbsida webbsidan
    hemsida hemsidan
    vill våra vår öppna
    a about article can check click continue details document download find follow for full go here
    how info information it learn link more now on our out page pages please read reading see site story tap the this
    to view visit we website you your
    """
_EMPTY = frozenset(_EMPTY_WORDS.split())
_PRESS = re.compile(
    r"\b(?:klicka|tryck)\b.{0,20}\b(?:här|hit|länken)\b|\b(?:click|tap)\b.{0,12}\bhere\b"
)
_HERE = re.compile(
    r"(?:här|here|hit)(?: (?:för att|om du|finns|hittar|kan|är|to|if you|you|is)\b.*)?|.{0,40}\b(?:här|here)"
)
_WORD = re.compile(r"[^\W_]+")


class LinkWords(ContentCheck):
    name = "link_words"
    colour = Colour.AMBER
    title = _("The link does not say where it leads")
    why = _("“%(words)s” says nothing to who hears the links read aloud.")
    fix = _("Let the link be the name of what it leads to.")

    def find(self, content: Content) -> Iterator[Finding]:
        links: list[Mention | WaitingLink | WrittenAddress]
        links = [*content.addresses, *content.mentions, *content.waiting_links]
        for link in links:
            if link.words and says_nothing(link.words):
                yield self.finding(link.spot, words=link.words)


def says_nothing(words: str) -> bool:
    """Whether a link asks to be pressed, or is made of empty words alone."""
    plain = " ".join(
        _WORD.findall(words.casefold().replace("\u00ad", "").replace("pdf:en", "pdfen"))
    )
    if not plain:
        return True
    is_empty = all(word in _EMPTY for word in plain.split())
    return is_empty or bool(_PRESS.search(plain) or _HERE.fullmatch(plain))
