"""Describes a page to search engines in the terms of schema.org (JSON-LD)."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page

from pages.models import HomePage, NewsPage
from pages.tree.addresses import address_of

from .navigation import Crumb

AGENCY = {
    "@type": "GovernmentOrganization",
    "name": "Säkerhetspolisen",
    "alternateName": "Swedish Security Service",
    "telephone": "+46-10-568-70-00",
}


def described_by_schema(request: HttpRequest, page: Page, crumbs: list[Crumb]) -> dict[str, Any]:
    """The page's type, name, language, dates and place, and who is behind it."""
    absolute = request.build_absolute_uri
    agency = AGENCY | {"url": absolute("/")}
    about: dict[str, Any] = {
        "@type": _type_of(page),
        "name": page.title,
        "url": absolute(address_of(page.url_path) or request.path),
        "inLanguage": get_language(),
        "publisher": agency,
    }
    if description := page.search_description or getattr(page, "listing_summary", ""):
        about["description"] = description
    if changed_on := getattr(page, "changed_on", None):
        about["dateModified"] = changed_on.isoformat()
    if published_on := getattr(page, "published_on", None):
        about |= {"headline": page.title, "datePublished": published_on.isoformat()}
    if topics := getattr(page, "topics", []):
        about["about"] = [{"@type": "Thing", "name": topic.name} for topic in topics]
    graph = [about]
    if len(crumbs) > 1:
        graph.append(
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": position,
                        "name": crumb.title,
                        "item": absolute(crumb.url or request.path),
                    }
                    for position, crumb in enumerate(crumbs, start=1)
                ],
            }
        )
    return {"@context": "https://schema.org", "@graph": graph}


def _type_of(page: Page) -> str:
    if isinstance(page, NewsPage):
        return "NewsArticle"
    return "WebSite" if isinstance(page, HomePage) else "WebPage"
