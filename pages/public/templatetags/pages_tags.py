"""What templates ask about a page and its frame."""

import json
from datetime import datetime
from functools import cache

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, pgettext
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar
from wagtail.blocks import StreamValue, StructValue
from wagtail.images.models import AbstractImage
from wagtail.models import Page
from wagtail.rich_text import RichText

from pages.content.blocks.cells import cell_html, cell_words
from pages.content.models import (
    BasePage,
    CookieNotice,
    Footer,
    ShownAlert,
    ThreatLevelDecision,
    Topic,
)
from pages.content.references.shelves import listed_children_of, listed_pages_at, paths_above
from pages.content.tree.addresses import address_of
from pages.content.tree.listed import ListedPage
from pages.content.tree.spoken_languages import attributes_in_html
from pages.ground.version.memory import once
from pages.library.picture import SharedPicture, picture
from pages.public.frame import navigation, related, sharing
from pages.public.frame.abbreviations import explain
from pages.public.frame.headings import HeadedContent, headed, parts_of_text, with_levels
from pages.public.frame.of_language import frame_of
from pages.public.frame.phone_numbers import dialled, told_above, whole_numbers
from pages.public.frame.section_menu import section_menu_of
from pages.public.frame.structured_data import described_by_schema
from pages.public.reading.level_in_force import ThreatLevelInForce, threat_level_in_force
from pages.public.store.question import has_closed_notice

register = template.Library()

# JSON inside an HTML element may not end the element or begin another.
_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def _request(context: RequestContext) -> HttpRequest:
    return context["request"]


def _page(context: RequestContext) -> BasePage | None:
    page = context.get("page")
    return page if isinstance(page, BasePage) else None


@register.simple_tag(takes_context=True)
def main_menu(context: RequestContext) -> list[navigation.MenuItem]:
    """The items of the main menu; the section that the reader is in is marked."""
    request = _request(context)
    return navigation.menu_items(frame_of(request).sections, request.path)


@register.simple_tag(takes_context=True)
def place_in_menu(context: RequestContext) -> str:
    """A key by which menus differ: the section that the reader is in, with "!" on its own page."""
    request = _request(context)
    items = navigation.menu_items(frame_of(request).sections, request.path)
    return " ".join(f"{item.url}{'!' * item.is_page}" for item in items if item.is_current)


@register.simple_tag(takes_context=True)
def sections(context: RequestContext) -> list[ListedPage]:
    """The sections as the start page lists them."""
    return frame_of(_request(context)).sections


@register.simple_tag(takes_context=True)
def breadcrumbs(context: RequestContext) -> list[navigation.Crumb]:
    """The breadcrumbs from the start page; empty on the start page itself."""
    crumbs = _crumbs(context)
    return crumbs if len(crumbs) > 1 else []


def _crumbs(context: RequestContext) -> list[navigation.Crumb]:
    request, page = _request(context), _page(context)
    return once(request, "crumbs", lambda: frame_of(request).crumbs_to(page) if page else [])


@register.simple_tag(takes_context=True)
def language_links(context: RequestContext) -> list[navigation.LanguageLink]:
    """Links to this page or topic in each language; made once in a request."""
    request = _request(context)
    topic = context.get("topic")
    shown = topic if isinstance(topic, Topic) else _page(context)
    return once(request, "languages", lambda: navigation.links_to_languages(request, shown))


@register.simple_tag
def start_url() -> str:
    """The address of the start page in the present language."""
    return f"{navigation.prefix_of(get_language() or settings.LANGUAGE_CODE)}/"


@register.simple_tag(takes_context=True)
def footer(context: RequestContext) -> Footer | None:
    return frame_of(_request(context)).footer


@register.simple_tag
def phone_link() -> SafeString:
    """The agency's telephone number, to be called, in the form that the page's readers know."""
    is_swedish = get_language() == settings.LANGUAGE_CODE
    shown = settings.PHONE if is_swedish else settings.PHONE_FROM_ABROAD
    return format_html('<a href="{}">{}</a>', settings.PHONE_HREF, shown)


register.simple_tag(related.pages_related_to, name="related_pages")
register.simple_tag(section_menu_of, name="section_menu")
register.filter("dialled", dialled)
register.filter("cell", cell_html)
register.filter("may_break", lambda email: format_html("{}<wbr>{}{}", *email.rpartition("@")))
register.filter("in_language", attributes_in_html)


@register.simple_tag
def column_name(header: list[str] | None, column: int) -> str:
    """What the header of a table calls a column; empty where it has no such header."""
    return cell_words((header or [])[column] or "").strip() if column < len(header or []) else ""


@register.simple_tag
def call_again(phone: str) -> str:
    """The words of a link to a number that the page tells already."""
    if dialled(phone) == settings.PHONE_HREF:
        return gettext("Call the switchboard")
    return gettext("Call the same number as above")


@register.simple_block_tag
def unbroken_numbers(content: str) -> SafeString:
    """What stands in it, with every telephone number on one line."""
    return mark_safe(whole_numbers(content))  # noqa: S308


@register.simple_tag(takes_context=True)
def cookie_notice(context: RequestContext) -> CookieNotice | None:
    """The cookie notice, unless the visitor has closed it or it is switched off."""
    if previewed := context.get("previewed_cookie_notice"):
        return previewed
    request = _request(context)
    notice = frame_of(request).cookie_notice
    closed = has_closed_notice(request.COOKIES)
    return notice if notice and notice.is_shown and not closed else None


@register.simple_tag(takes_context=True)
def alerts(context: RequestContext) -> list[ShownAlert]:
    """The important messages that are shown now."""
    if "previewed_alert" in context:
        return [alert for alert in [context["previewed_alert"]] if alert]
    return frame_of(_request(context)).alerts_now()


@register.simple_tag(takes_context=True)
def editor_bar(context: RequestContext) -> SafeString | str:
    """Wagtail's bar for users who are logged in to the CMS; nothing for visitors.

    The bar reads the session, so it is called only if there is one: a visitor's page must not
    depend on cookies.
    """
    request = _request(context)
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not hasattr(request, "user"):
        return ""
    return wagtailuserbar(context)


@register.simple_tag
def threat_level() -> ThreatLevelInForce | None:
    """The terrorist threat level in force."""
    return threat_level_in_force(get_language() or settings.LANGUAGE_CODE)


@register.simple_tag
def decided(decision: ThreatLevelInForce | ThreatLevelDecision) -> SafeString:
    """The day of a decision on the level, and the hour where that is known."""
    if decision.hour_is_known:
        return moment(decision.decided_at)
    at = localtime(decision.decided_at)
    day = date_format(at, "j F Y")
    return format_html('<time datetime="{}">{}</time>', at.date().isoformat(), day)


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """A day with its hour."""
    at = localtime(at)
    day = date_format(at, "j F Y")
    hour = date_format(at, pgettext("time of day", "H:i"))
    words = gettext("%(day)s at %(hour)s") % {"day": day, "hour": hour}
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), words)


@register.simple_tag
def child_pages(page: Page) -> list[ListedPage]:
    """The pages that a section introduces, in the order of the tree."""
    return listed_children_of(page.path)


@register.simple_tag
def section_of(page: Page) -> ListedPage | None:
    """The live page right above, which introduces this one and those beside it."""
    above = paths_above(page)[-1:]
    section = next(iter(listed_pages_at(above).values()), None)
    return section if section and section.live else None


@register.simple_tag
def listed_pages(value: StructValue) -> list[ListedPage]:
    """The pages that a block of the kind "list of pages" shows."""
    if value["source"] == "children":
        return child_pages(value["parent"]) if value["parent"] else []
    return related.live_in_order([page for page in value["pages"] if page])


@register.simple_block_tag
def with_sections(content: str) -> HeadedContent:
    """What stands in it, with the sections that it has."""
    return headed(content)


@register.simple_tag(takes_context=True)
def body(context: RequestContext, stream: StreamValue) -> SafeString:
    """The blocks of a body as HTML, with each abbreviation explained at its first use."""
    html, request = _rendered(context, stream), _request(context)
    if getattr(request, "explains_abbreviations", True):
        html = explain(html, frame_of(request).abbreviations)
    return mark_safe(html)  # noqa: S308


@register.simple_tag(takes_context=True)
def boxes(context: RequestContext, stream: StreamValue) -> SafeString:
    """The boxes beside a body as HTML."""
    return mark_safe(_rendered(context, stream))  # noqa: S308


def _rendered(context: RequestContext, stream: StreamValue) -> str:
    page = _page(context)
    around = context.flatten()
    told = told_above(getattr(page, name, []) for name in ("body", "aside")) if page else set()
    return "".join(
        block.render(
            context=around
            | {"block_id": block.id, "level": str(level), "is_told": block.id in told}
        )
        for block, level in with_levels(stream)
    )


@register.simple_tag
def text_parts(text: RichText, level: str) -> list[tuple[int, SafeString]]:
    """Each heading of a text with its level, and with 0 what stands between them."""
    return list(parts_of_text(str(text), int(level or "2")))


@register.simple_tag
def responsive_picture(
    image: AbstractImage | None, *, sizes: str, alt: str = "", priority: bool = False
) -> SafeString | str:
    """A `picture` in modern formats and several widths; nothing without an image."""
    return picture(image, alt=alt, sizes=sizes, priority=priority) if image else ""


@register.simple_tag(takes_context=True)
def share_image(context: RequestContext) -> SharedPicture:
    """The picture that a shared link shows, with its absolute address."""
    shared = sharing.lead_picture_of(_page(context)) or _shared_without()
    return shared._replace(url=_request(context).build_absolute_uri(shared.url))


@cache
def _shared_without() -> SharedPicture:
    return SharedPicture(static("images/share.jpg"), 1200, 630)


@register.simple_tag(takes_context=True)
def structured_data(context: RequestContext) -> SafeString | str:
    """The JSON-LD that describes the page to search engines."""
    page = _page(context)
    if page is None:
        return ""
    request = _request(context)
    data = described_by_schema(request, page, _crumbs(context))
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPED)),  # noqa: S308
    )


@register.simple_tag(takes_context=True)
def share_links(context: RequestContext, page: Page) -> list[sharing.ShareLink]:
    """Plain links that share the page."""
    url = _request(context).build_absolute_uri(address_of(page.url_path) or "/")
    return sharing.links_that_share(page.title, url)


@register.simple_tag(takes_context=True)
def absolute_url(context: RequestContext, url: str) -> str:
    """The address with scheme and host."""
    return _request(context).build_absolute_uri(url)


@register.simple_tag
@cache
def script(name: str) -> SafeString:
    """A script of ours, with its sum where its file never changes: a browser runs nothing else."""
    sum_of = getattr(staticfiles_storage, "integrity", None)
    integrity = format_html(' integrity="{}"', sum_of(name)) if sum_of else ""
    return format_html('<script type="module" src="{}"{}></script>', static(name), integrity)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A line icon from our own sprite, hidden from screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons/sprite.svg"),
        name,
    )
