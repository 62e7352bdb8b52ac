"""Menu, breadcrumbs and links to other languages."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page

from pages.content.models import Topic
from pages.content.tree.addresses import address_of, prefix_of, split_address
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


def menu_items(sections: Iterable[ListedPage], address: str) -> list[MenuItem]:
    """The main menu, as a reader at this address sees it."""
    return [
        MenuItem(section.title, url, is_current=address.startswith(url), is_page=address == url)
        for section in sections
        for url in [section.url]
    ]


def links_to_languages(request: HttpRequest, shown: Page | Topic | None) -> list[LanguageLink]:
    """The addresses of what is shown in each language of the site.

    Without a translation of a page the link leads to the same path in the other language, where
    the reader learns that the page is not translated; without one of a topic, to the start page.
    """
    language, path = split_address(request.path)
    translated = _translations(shown) if shown is not None else {}
    otherwise = "" if isinstance(shown, Topic) else path
    links = []
    for code, name in settings.LANGUAGES:
        is_current = code == language
        url = translated.get(code) or f"{prefix_of(code)}/{path if is_current else otherwise}"
        # Addresses that are neither a page nor a topic (search, tips) exist in every language.
        is_translated = shown is None or is_current or code in translated
        links.append(LanguageLink(code, name, url, is_current, is_translated))
    return links


def _translations(shown: Page | Topic) -> dict[str, str]:
    """Language -> the address of the live translation."""
    if isinstance(shown, Topic):
        return shown.translations
    if hasattr(shown, "live_translations"):
        return shown.live_translations
    return _live_translations(shown)


def _live_translations(page: Page) -> dict[str, str]:
    rows = (
        Page.objects.filter(translation_key=page.translation_key, live=True)
        .exclude(pk=page.pk)
        .values_list("locale__language_code", "url_path")
    )
    return {code: address for code, url_path in rows if (address := address_of(url_path))}
