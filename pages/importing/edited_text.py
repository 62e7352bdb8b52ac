"""Rich text as the editor of the CMS would store it."""

from collections.abc import Iterable
from functools import cache

from pages.content.blocks.draftail import ListKeepingConverter
from pages.content.blocks.text import TEXT_FEATURES


@cache
def _converter(*features: str) -> ListKeepingConverter:
    # Not before it is needed: it asks the hooks of the CMS, which ask for imports.
    return ListKeepingConverter(features=features)


def as_edited(html: str, features: Iterable[str] = TEXT_FEATURES) -> str:
    """The rich text as the editor would store it, with nothing in it that it does not offer.

    With the editor's own marks from the start, opening and saving the page changes nothing,
    and so leaves the date of the last change as it is.
    """
    converter = _converter(*features)
    return converter.to_database_format(converter.from_database_format(html))
