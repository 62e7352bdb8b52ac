"""Public addresses: from a page's `url_path` to the path in the browser, and back."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.utils import translation
from wagtail.models import Page, Site
from wagtail.models.sites import SiteRootPath

from pages.ground.version import memory

# Where the agency's pages are, or have been, found.
AGENCY_HOSTS = (
    "sakerhetspolisen.se",
    "säkerhetspolisen.se",
    "säpo.se",
    "sapo.se",
    "securityservice.se",
)
_DEPTH_OF_START_PAGES = 2
_FIRST_PART = re.compile(r"\^?([\w-]+)/")
# The name of the view that answers for every page.
_OF_PAGES = "wagtail_serve"


def prefix_of(language: str) -> str:
    """The beginning of all addresses in a language: nothing for Swedish, `/en` for English."""
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def root_of(language: str) -> SiteRootPath | None:
    """The root path of the start page in a language; None before that page exists."""
    return next((root for root in _roots() if root.language_code == language), None)


def _roots() -> list[SiteRootPath]:
    """The root paths of the start pages.

    Wagtail caches them for an hour, and only the process that moves a start page clears its cache.
    So a visitor's request remembers them under its content version. Before it knows a version it
    uses the last known paths, and `pages.public.reading.finding` looks again if those were wrong.
    """
    if not memory.is_remembering():
        return Site.get_site_root_paths()
    if not memory.knows_version() and (known := memory.last_remembered("roots")):
        return known
    return memory.remembered("roots", ("start",), _ask_for_roots)


def _ask_for_roots() -> list[SiteRootPath]:
    forget_roots()
    return Site.get_site_root_paths()


def forget_roots() -> None:
    """Clears Wagtail's cache of the root paths."""
    Site.clear_site_root_paths_cache()


def address_of(url_path: str) -> str | None:
    """The public address of a `url_path`; None if it lies outside the site."""
    return _address(url_path, _roots())


def addressing() -> Callable[[str], str | None]:
    """`address_of` for very many pages, which reads the root paths only once."""
    return partial(_address, roots=_roots())


def _address(url_path: str, roots: list[SiteRootPath]) -> str | None:
    for root in roots:
        if url_path.startswith(root.root_path):
            return f"{prefix_of(root.language_code)}/{url_path[len(root.root_path) :]}"
    return None


def split_address(address: str) -> tuple[str, str]:
    """The language and the rest of the path: `/en/news/` is `("en", "news/")`."""
    path = address.lstrip("/")
    first, _, rest = path.partition("/")
    for language, _name in settings.LANGUAGES:
        if language != settings.LANGUAGE_CODE and first == language:
            return language, rest
    return settings.LANGUAGE_CODE, path


def as_pages_write_it(path: str) -> str:
    """An address as the site writes it: ASCII, without `.html`, with a slash at the end."""
    decomposed = unicodedata.normalize("NFD", path.strip().lower())
    path = "".join(character for character in decomposed if character.isascii())
    path = re.sub(r"(/index)?(?<!-)-*\.html?/?$", "", path)
    return re.sub(r"/{2,}", "/", f"/{path}/")


def address_typed(text: str) -> tuple[str, str]:
    """Host and path in what somebody has typed: an address, also without `https:`, or a path.

    The host is empty for this website, the path for what is neither.
    """
    begins, slash, _rest = text.partition("/")
    is_host = "." in begins and (slash or begins.startswith("www.") or is_own_host(begins))
    try:
        whole = f"//{text}" if is_host else f"///{text.lstrip('/')}"
        split = urlsplit(text if "//" in text else whole)
        host = split.hostname or ""
    except ValueError:
        return "", ""
    path = unquote(split.path) or "/"
    return "" if is_own_host(host) else host, path if path.isprintable() else ""


def is_own_host(host: str) -> bool:
    """Whether this website answers at the host, or has done so."""
    of_sites = {urlsplit(root.root_url).hostname or "" for root in _roots()}
    ours = map(_without_www, (*AGENCY_HOSTS, *settings.ALLOWED_HOSTS, *of_sites))
    return _without_www(host) in {"", *ours}


def _without_www(host: str) -> str:
    host = host.lower().rstrip(".").removeprefix("www.")
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def any_pages_at(address: str) -> QuerySet[Page]:
    """The page at a public address, published or still a draft."""
    language, path = split_address(address)
    root = root_of(language)
    if root is None:
        return Page.objects.none()
    url_path = root.root_path + path
    # With the slug, which has an index, the database does not look through all pages.
    return Page.objects.filter(slug=url_path.rstrip("/").rpartition("/")[2], url_path=url_path)


def own_pages_at(addresses: Iterable[str]) -> dict[str, Page]:
    """Address -> the page there, published or a draft, in one query."""
    by_url_path = {}
    for address in addresses:
        language, path = split_address(address)
        if root := root_of(language):
            by_url_path[root.root_path + path] = address
    if not by_url_path:
        return {}
    slugs = {url_path.rstrip("/").rpartition("/")[2] for url_path in by_url_path}
    # With the slugs, which have an index.
    found = Page.objects.filter(slug__in=slugs, url_path__in=by_url_path)
    return {by_url_path[page.url_path]: page for page in found}


def has_view(address: str) -> bool:
    """Whether something else than a page answers there, such as a file or the search."""
    language, path = split_address(address)
    # The tip form is served by another process, whose addresses this one may lack.
    if address.startswith((settings.STATIC_URL, settings.MEDIA_URL)) or path.startswith(
        settings.INTAKE_PATH
    ):
        return True
    try:
        # The addresses that begin with a language are known in that language alone.
        with translation.override(language):
            return resolve(address).url_name != _OF_PAGES
    except Resolver404:
        return False


def is_taken(slug: str, parent: Page | None) -> bool:
    """Whether something else answers at this slug, so that nobody could reach a page there."""
    return (
        parent is not None and parent.depth == _DEPTH_OF_START_PAGES and slug.casefold() in _taken()
    )


def _taken() -> set[str]:
    """The first parts of all addresses of views, languages and files."""
    with translation.override(settings.LANGUAGE_CODE):
        views = set(_first_parts(get_resolver().url_patterns))
    languages = {language for language, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    return views | languages | {settings.STATIC_URL.strip("/"), settings.MEDIA_URL.strip("/")}


def _first_parts(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for each in patterns:
        if found := _FIRST_PART.match(str(each.pattern)):
            yield found[1]
        elif isinstance(each, URLResolver):
            yield from _first_parts(each.url_patterns)


def is_start(page: Page) -> bool:
    """Whether the page is a start page or the root: moving such a page moves a whole language."""
    return page.depth <= _DEPTH_OF_START_PAGES
