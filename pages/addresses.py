"""Public addresses: from a page's place in the tree to what stands in the browser, and back."""

from typing import Any

from django.conf import settings
from django.db.models import F
from wagtail.models import Page, Site
from wagtail.models.sites import SiteRootPath


def prefix_of(language: str) -> str:
    """What the addresses of a language begin with: nothing for Swedish, `/en` for English."""
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def root_of(language: str) -> SiteRootPath | None:
    """The start page's place in the tree for a language, or None before one exists."""
    for root in Site.get_site_root_paths():
        if root.language_code == language:
            return root
    return None


def forget_roots() -> None:
    """Makes this process ask anew where the start pages lie.

    Wagtail remembers it for an hour, and only the process that moves one knows that it did.
    """
    Site.clear_site_root_paths_cache()


def address_of(url_path: str) -> str | None:
    """The public address of a place in the tree; None when it lies outside the site."""
    for root in Site.get_site_root_paths():
        if url_path.startswith(root.root_path):
            return f"{prefix_of(root.language_code)}/{url_path[len(root.root_path) :]}"
    return None


def split_address(address: str) -> tuple[str, str]:
    """The language and the path within it: `/en/news/` is `("en", "news/")`."""
    path = address.lstrip("/")
    first, _, rest = path.partition("/")
    for language, _name in settings.LANGUAGES:
        if language != settings.LANGUAGE_CODE and first == language:
            return language, rest
    return settings.LANGUAGE_CODE, path


def page_at(address: str) -> Page | None:
    """The live page that answers at a public address, as its own type."""
    language, path = split_address(address)
    root = root_of(language)
    return None if root is None else page_at_url_path(root.root_path + path)


def page_at_url_path(url_path: str, **annotations: Any) -> Page | None:
    """The live page at a place in the tree, as its own type; knows its live translations.

    `annotations` are asked for in the same query and stand on the page. Asks by slug and url_path together: slug has an index, so the answer does not take
    longer in a larger tree.
    """
    slug = url_path.rstrip("/").rpartition("/")[2]
    here = Page.objects.filter(slug=slug, url_path=url_path, live=True)
    # The translations come along in the same query: every page links to them.
    found = list(
        Page.objects.filter(live=True, translation_key__in=here.values("translation_key")).annotate(
            language=F("locale__language_code"), **annotations
        )
    )
    page = next((each for each in found if each.url_path == url_path), None)
    if page is None:
        return None
    specific = page.specific
    for name in ("language", *annotations):
        setattr(specific, name, getattr(page, name))
    specific.live_translations = {
        each.language: address
        for each in found
        if each is not page and (address := address_of(each.url_path))
    }
    return specific
