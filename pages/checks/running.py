"""Asks every check."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import Model
from wagtail.models import Page

from .case_numbers import CaseNumbers
from .checked_content import Content
from .coordinates import Coordinates
from .dead_links import DeadLinks, DraftEntries
from .failed_links import FailedLinks
from .findings import Colour, ContentCheck, Finding
from .heading_levels import EqualHeadings, HeadingLevels
from .hidden_data import CoveredScans, UnreadableFiles
from .inside_addresses import InsideAddresses
from .left_behind import LoneEnglish, OlderEnglish, OlderTwins
from .link_words import LinkWords
from .mobile_numbers import MobileNumbers
from .other_language import OtherLanguage
from .personal_numbers import PersonalNumbers
from .placeholders import PlaceholderText
from .readability import LongSentences, Readability
from .secrecy_marks import SecrecyMarks
from .shown_pictures import AltTexts, UnansweredPictures
from .table_headers import EmptyCells, TableHeaders
from .waiting_links import WaitingLinks
from .what_is_lacking import MissingTopics, PressContacts

# In the order in which findings about the same place are shown.
KNOWN_CHECKS: tuple[ContentCheck, ...] = (
    SecrecyMarks(), PersonalNumbers(), MobileNumbers(), Coordinates(), InsideAddresses(), CaseNumbers(),
    PlaceholderText(), DeadLinks(), DraftEntries(), AltTexts(), UnansweredPictures(), TableHeaders(), OtherLanguage(),
    FailedLinks(), WaitingLinks(), OlderEnglish(), LoneEnglish(), OlderTwins(), UnreadableFiles(), CoveredScans(),
    LinkWords(), HeadingLevels(), EmptyCells(), PressContacts(), MissingTopics(), LongSentences(), Readability(),
    EqualHeadings(),
)  # fmt: skip


def run_checks(obj: Model, *, together: Iterable[Model] = ()) -> list[Finding]:
    """Everything to say about the object as it stands in memory, red first, in reading order.

    `together` are the objects that are sent with it: a link between them leads to no draft.
    """
    # A plain page knows its own columns only.
    content = Content(obj.specific if isinstance(obj, Page) else obj, together)
    found = [finding for check in KNOWN_CHECKS for finding in check.find(content)]
    order = {part.spot.place: at for at, part in reversed(list(enumerate(content.parts)))}
    found.sort(key=lambda each: (each.colour is not Colour.RED, order.get(each.place, len(order))))
    return list(_told_apart(found))


def _told_apart(found: Iterable[Finding]) -> Iterator[Finding]:
    """Each once at a place; the same words at a second place have a key of their own."""
    places: dict[str, dict[str, None]] = defaultdict(dict)
    for each in found:
        if each.place not in places[each.key]:
            places[each.key][each.place] = None
            number = len(places[each.key])
            yield each if number == 1 else replace(each, key=f"{each.key}-{number}")
