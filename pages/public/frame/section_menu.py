"""The menu of the section that a page stands in: the way sideways."""

from dataclasses import dataclass

from wagtail.models import Page

from pages.content.references.shelves import listed_pages_at
from pages.content.tree.listed import ListedPage

# A longer list is no menu: the page of the section shows it.
_MOST = 30
# The pages right below a start page are the main menu.
_DEPTH_OF_SECTIONS = 3


@dataclass(frozen=True)
class SectionMenu:
    section: ListedPage
    pages: list[ListedPage]


def section_menu_of(page: Page) -> SectionMenu | None:
    """The section of a page and the live pages in it; None for a page that stands alone."""
    if not page.path or page.depth <= _DEPTH_OF_SECTIONS:
        return None
    above = page.path[: -page.steplen]
    section = listed_pages_at([above])[above]
    if section is None or not section.live:
        return None
    pages = page.pages_in_section(above)
    return SectionMenu(section, pages) if 1 < len(pages) <= _MOST else None
