"""sitemap.xml: every page of every language, with its translations and the date of its last change.

Fixed pages come first, without a date. The format takes 50,000 addresses.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Locale, Page, get_page_models

from pages.content.models import ArticlePage
from pages.content.tree.addresses import address_of, addressing
from pages.content.tree.fixed_pages import fixed_pages_in
from pages.content.tree.twin_kinds import MINORITY_LANGUAGES
from pages.public.store.keeping import kept

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


@require_safe
@kept
@cache_control(public=True, max_age=300)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Lists the pages."""
    root = escape(request.build_absolute_uri("/").rstrip("/"))
    urls = "".join([*_fixed_addresses(root), *_addresses(root)])
    namespaces = f'xmlns="{_XMLNS}" xmlns:xhtml="{_XHTML}"'
    return HttpResponse(
        f"{_HEAD}<urlset {namespaces}>\n{urls}</urlset>\n",
        content_type="application/xml; charset=utf-8",
    )


def _addresses(root: str) -> Iterator[str]:
    # Written by hand: a template takes a second for a full file. Nothing in an address needs
    # escaping, and `root` is escaped already.
    translations = _translations(root)
    address_of_place = addressing()
    for url_path, changed_on in _rows():
        if address := address_of_place(url_path):
            changed = f"<lastmod>{changed_on}</lastmod>" if changed_on else ""
            also = translations.get(url_path, "")
            yield f"<url><loc>{root}{address}</loc>{changed}{also}</url>\n"


def _fixed_addresses(root: str) -> list[str]:
    by_language = {code: fixed_pages_in(code) for code, _name in settings.LANGUAGES}
    urls = []
    for alike in zip(*by_language.values(), strict=True):
        in_language = zip(by_language, (f"{root}{page.url}" for page in alike), strict=True)
        also = _alternates(in_language)
        urls += [f"<url><loc>{root}{page.url}</loc>{also}</url>\n" for page in alike]
    return urls


def _alternates(addresses: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>'
        for language, address in addresses
    )


def _rows() -> list[tuple[str, str | None]]:
    """`url_path` and date of the pages: one query for each of the two.

    In a join, either database reads all pages once for each page type. The dates stay strings,
    since with date objects this takes four times as long.
    """
    a_type_each = [
        model._default_manager.order_by().values_list("pk", Cast("changed_on", CharField()))
        for model in get_page_models()
        if Page in model._meta.parents
    ]
    changed_on = dict(a_type_each[0].union(*a_type_each[1:], all=True))
    places = _pages().order_by().values_list("pk", "url_path")
    return [(url_path, changed_on[pk]) for pk, url_path in places if pk in changed_on]


def _translations(root: str) -> dict[str, str]:
    """`url_path` of a page in several languages -> the links to it in each of them."""
    # With keys instead of a join PostgreSQL knows how few pages these are.
    others = Locale.objects.exclude(language_code=settings.LANGUAGE_CODE)
    foreign = _pages().filter(locale__in=list(others.values_list("pk", flat=True)))
    twins = ArticlePage.objects.live().filter(twin_kind__in=MINORITY_LANGUAGES, twin_of__live=True)
    rows = _pages().filter(
        Q(translation_key__in=foreign.values("translation_key")) | Q(pk__in=twins.values("twin_of"))
    )
    by_key: dict[object, list[tuple[str, str]]] = defaultdict(list)
    for key, url_path, language in [
        *rows.order_by("path").values_list("translation_key", "url_path", "locale__language_code"),
        *twins.order_by("path").values_list("twin_of__translation_key", "url_path", "twin_kind"),
    ]:
        by_key[key].append((url_path, language))
    links: dict[str, str] = {}
    for alike in by_key.values():
        if len(alike) > 1:
            also = _alternates(
                (language, f"{root}{address}")
                for url_path, language in alike
                if (address := address_of(url_path))
            )
            links |= {url_path: also for url_path, _language in alike}
    return links


def _pages() -> QuerySet[Page]:
    return Page.objects.live().filter(depth__gt=1)
