"""Addresses of this website that somebody has written by hand."""

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from pages.tree.addresses import root_of, split_address

# The name of the view that answers for every page.
_OF_PAGES = "wagtail_serve"


def own_path(address: str) -> str:
    """The path of an address of this website, without the rest; empty for one elsewhere."""
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname
    except ValueError:
        return ""
    is_ours = (
        parts.scheme in ("http", "https") and host in _own_hosts() if host else not parts.scheme
    )
    if not is_ours or (not parts.path.startswith("/") and not host):
        return ""
    path = unquote(parts.path) or "/"
    if path.endswith(".html"):  # the former site's, which lead on
        path = path.removesuffix(".html")
    return path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/"


def _own_hosts() -> set[str]:
    root_paths = Site.get_site_root_paths()
    return {urlsplit(root.root_url).hostname or "" for root in root_paths} - {"", "localhost"}


def own_pages_at(paths: Iterable[str]) -> dict[str, Page]:
    """Path -> the page there, published or a draft, in one query."""
    by_url_path = {}
    for path in paths:
        language, rest = split_address(path)
        if root := root_of(language):
            by_url_path[root.root_path + rest] = path
    if not by_url_path:
        return {}
    slugs = {url_path.rstrip("/").rpartition("/")[2] for url_path in by_url_path}
    # With the slugs, which have an index.
    found = Page.objects.filter(slug__in=slugs, url_path__in=by_url_path)
    return {by_url_path[page.url_path]: page for page in found}


def where_nothing_answers(paths: set[str]) -> set[str]:
    """Those of the paths without a page at which nothing else answers either."""
    left = {path for path in paths if not _has_view(path)}
    if not left:
        return set()
    by_old_path = {Redirect.normalise_path(path): path for path in left}
    led_on = Redirect.objects.filter(old_path__in=by_old_path).values_list("old_path", flat=True)
    return left - {by_old_path[old_path] for old_path in led_on}


def _has_view(path: str) -> bool:
    if path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return True
    try:
        # The addresses that begin with a language are known in that language alone.
        with translation.override(split_address(path)[0]):
            return resolve(path).url_name != _OF_PAGES
    except Resolver404:
        return False
