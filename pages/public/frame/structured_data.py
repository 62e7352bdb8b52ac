"""Describes a page to search engines in the terms of schema.org (JSON-LD)."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.timezone import localtime
from django.utils.translation import get_language
from wagtail.rich_text import get_text_for_indexing

from pages.content.models import BasePage, Contact, PressMeeting
from pages.content.tree.addresses import address_of
from pages.ground.version.memory import remembered

from .navigation import Crumb
from .phone_numbers import dialled
from .sharing import lead_picture_of

AGENCY = {
    "@type": "GovernmentOrganization",
    "name": "Säkerhetspolisen",
    "alternateName": "Swedish Security Service",
    "telephone": settings.PHONE_WITH_HYPHENS,
}

_LOGO = "images/apple-touch-icon.png"


def described_by_schema(
    request: HttpRequest, page: BasePage, crumbs: list[Crumb]
) -> dict[str, Any]:
    """The page's type, name, language, dates and place, and who is behind it."""
    absolute = request.build_absolute_uri
    agency = AGENCY | {"@id": absolute("/#myndigheten"), "url": absolute("/")}
    about: dict[str, Any] = {
        "@type": page.schema_type,
        "name": page.title,
        "url": absolute(address_of(page.url_path) or request.path),
        "inLanguage": getattr(page, "language", "") or get_language(),
        "publisher": agency,
    }
    if description := page.search_description or page.listing_summary:
        about["description"] = description
    if page.changed_on:
        about["dateModified"] = page.changed_on.isoformat()
    if page.published_time:
        about |= {"headline": page.title, "datePublished": page.published_time, "author": agency}
        if page.changed_at:
            about["dateModified"] = page.changed_at.isoformat(timespec="seconds")
    if picture := lead_picture_of(page):
        about["image"] = absolute(picture.url)
    if page.topics:
        about["about"] = [{"@type": "Thing", "name": topic.name} for topic in page.topics]
    graph = [about]
    if page.schema_type == "WebSite":
        graph.append(agency | _ways_to_reach_us() | {"logo": absolute(static(_LOGO))})
    if questions := list(_questions_in(page)):
        graph.append({"@type": "FAQPage", "url": about["url"], "mainEntity": questions})
    if event := getattr(page, "event", None):
        graph.append(_event(event, about, agency))
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


def _event(event: PressMeeting, about: dict[str, Any], agency: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@type": "Event",
        **{
            name: about[name]
            for name in ("name", "url", "inLanguage", "description", "image")
            if name in about
        },
        "startDate": localtime(event.starts_at).isoformat(timespec="seconds"),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {"@type": "Place", "name": event.place, "address": event.place},
        "organizer": agency,
    }
    if event.ends_at:
        described["endDate"] = localtime(event.ends_at).isoformat(timespec="seconds")
    return described


def _questions_in(page: BasePage) -> Iterator[dict[str, Any]]:
    for block in getattr(page, "body", None) or []:
        if block.block_type == "accordion":
            for item in block.value["items"]:
                answer = get_text_for_indexing(item["answer"].source)
                yield {
                    "@type": "Question",
                    "name": item["question"],
                    "acceptedAnswer": {"@type": "Answer", "text": " ".join(answer.split())},
                }


def _ways_to_reach_us() -> dict[str, Any]:
    """The contacts in this language, and the first postal address among them."""
    language = get_language() or settings.LANGUAGE_CODE
    return remembered(f"ways to reach us {language}", ("contact",), lambda: _contacts_in(language))


def _contacts_in(language: str) -> dict[str, Any]:
    contacts = list(Contact.objects.public().filter(locale__language_code=language))
    points = [_contact_point(each, language) for each in contacts if each.phone or each.email]
    addresses = [" ".join(each.address.split()) for each in contacts if each.address]
    return {"contactPoint": points} | ({"address": addresses[0]} if addresses else {})


def _contact_point(contact: Contact, language: str) -> dict[str, Any]:
    point = {"@type": "ContactPoint", "contactType": contact.name, "availableLanguage": language}
    if contact.phone:
        point["telephone"] = dialled(contact.phone).removeprefix("tel:")
    if contact.email:
        point["email"] = contact.email
    return point
