"""Menu, breadcrumbs and links to other languages."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page

from pages.content.models import Topic
from pages.content.references.shelves import translated_above
from pages.content.tree.addresses import prefix_of, split_address
from pages.content.tree.listed import ListedPage


@dataclass(frozen=True)
class MenuItem:
    title: str
    url: str
    is_current: bool = False  # the reader is in this section
    is_page: bool = False  # the reader is on this very page


@dataclass(frozen=True)
class Crumb:
    title: str
    url: str  # empty for the page itself


@dataclass(frozen=True)
class LanguageLink:
    code: str
    name: str
    url: str
    is_current: bool
    is_translated: bool
    nearest: str = ""  # the title of the page above that it leads to instead


def menu_items(sections: Iterable[ListedPage], address: str) -> list[MenuItem]:
    """The main menu, as a reader at this address sees it."""
    return [
        MenuItem(section.title, url, is_current=address.startswith(url), is_page=address == url)
        for section in sections
        for url in [section.url]
    ]


def links_to_languages(request: HttpRequest, shown: Page | Topic | None) -> list[LanguageLink]:
    """The addresses of what is shown in each language of the site.

    Without a translation of a page the link leads to the nearest page above that has one, and says
    its title, or nowhere; without one of a topic, to the start page.
    """
    language, path = split_address(request.path)
    named = "translations" if isinstance(shown, Topic) else "live_translations"
    translated = getattr(shown, named, {})  # a draft that is previewed has none
    otherwise = "" if isinstance(shown, Topic) else path
    links = []
    for code, name in settings.LANGUAGES:
        is_current = code == language
        # Addresses that are neither a page nor a topic (search, tips) exist in every language.
        is_translated = shown is None or is_current or code in translated
        if is_translated or not isinstance(shown, Page):
            url = translated.get(code) or f"{prefix_of(code)}/{path if is_current else otherwise}"
            links.append(LanguageLink(code, name, url, is_current, is_translated))
        elif near := _nearest_above(shown, code):
            links.append(LanguageLink(code, name, near.url, is_current, is_translated, near.title))
    return links


def _nearest_above(page: Page, language: str) -> ListedPage | None:
    """The live translation of the lowest page above that has one."""
    there = (each for each in translated_above(page) if split_address(each.url)[0] == language)
    return next(there, None)
