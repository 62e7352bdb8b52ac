"""sitemap.xml: every page of every language, with its translations and the date of its last change."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page

from .addresses import address_of
from .listings import last_changed
from .store.keeping import kept


@require_safe
@kept
@cache_control(public=True, max_age=300)
def sitemap(request: HttpRequest) -> HttpResponse:
    """All live pages in one query."""
    rows = (
        Page.objects.live()
        .filter(depth__gt=1)
        .annotate(last_changed=last_changed())
        .order_by("path")
        .values_list("url_path", "translation_key", "locale__language_code", "last_changed")
    )
    root = request.build_absolute_uri("/").rstrip("/")
    entries = []
    by_translation: dict[object, list[dict[str, str]]] = defaultdict(list)
    for url_path, key, language, changed_on in rows:
        address = address_of(url_path)
        if address is None:
            continue
        location = root + address
        by_translation[key].append({"language": language, "location": location})
        entries.append(
            {"location": location, "changed_on": changed_on, "alternates": by_translation[key]}
        )
    return render(
        request, "pages/sitemap.xml", {"entries": entries}, content_type="application/xml"
    )
