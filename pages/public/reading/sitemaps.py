"""sitemap.xml: every page of every language, with the date of its last change.

Fixed pages come first, without a date. Each page names its translations itself. The format takes 50,000 addresses.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import CharField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page, get_page_models

from pages.content.tree.addresses import addressing
from pages.content.tree.fixed_pages import fixed_pages_in
from pages.public.store.keeping import kept

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
@kept
@cache_control(public=True, max_age=300)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Lists the pages."""
    root = escape(request.build_absolute_uri("/").rstrip("/"))
    urls = "".join(_addresses(root))
    return HttpResponse(
        f'{_HEAD}<urlset xmlns="{_XMLNS}">\n{urls}</urlset>\n',
        content_type="application/xml; charset=utf-8",
    )


def _addresses(root: str) -> Iterator[str]:
    # Written by hand: a template takes a second for a full file. Nothing in an address needs
    # escaping, and `root` is escaped already.
    for language, _name in settings.LANGUAGES:
        for page in fixed_pages_in(language):
            yield f"<url><loc>{root}{page.url}</loc></url>\n"
    address_of_place = addressing()
    for url_path, changed_on in _rows():
        if address := address_of_place(url_path):
            changed = f"<lastmod>{changed_on}</lastmod>" if changed_on else ""
            yield f"<url><loc>{root}{address}</loc>{changed}</url>\n"


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
    places = Page.objects.live().filter(depth__gt=1).order_by().values_list("pk", "url_path")
    return [(url_path, changed_on[pk]) for pk, url_path in places if pk in changed_on]
