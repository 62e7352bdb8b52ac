"""Rich text as the editor of the CMS would store it."""

from functools import cache

from pages.content.blocks.draftail import ListKeepingConverter
from pages.content.blocks.text import TEXT_FEATURES


@cache
def _converter() -> ListKeepingConverter:
    # Not before it is needed: it asks the hooks of the CMS, which ask for imports.
    return ListKeepingConverter(features=TEXT_FEATURES)


def as_edited(html: str) -> str:
    """The rich text as the editor would store it, with nothing in it that it does not offer.

    With the editor's own marks from the start, opening and saving the page changes nothing,
    and so leaves the date of the last change as it is.
    """
    return _converter().to_database_format(_converter().from_database_format(html))
