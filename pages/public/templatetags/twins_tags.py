"""What templates ask about the twins of a page: in easy Swedish, signed or in another language."""

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext

from pages.content import twins
from pages.content.models import BasePage
from pages.content.tree.twin_kinds import MINORITY_LANGUAGES, TwinKind
from pages.ground.version.memory import once
from pages.public.frame.navigation import LanguageLink

register = template.Library()


@register.simple_tag(takes_context=True)
def twin_links(context: RequestContext) -> twins.TwinLinks:
    """Links between the page and its twins; made once in a request."""
    page = context.get("page")
    if not isinstance(page, BasePage):
        return twins.TwinLinks([])
    request: HttpRequest = context["request"]
    return once(request, "twins", lambda: twins.twin_links_of(page))


@register.simple_tag(takes_context=True)
def alternates(context: RequestContext, languages: list[LanguageLink]) -> dict[str, str]:
    """Language -> the address of this page in it, for search engines."""
    links: twins.TwinLinks = twin_links(context)
    translated = {link.code: link.url for link in languages if link.is_translated}
    if links.kind is None or not links.kind.language:
        return translated | links.alternates()
    own = {links.kind.hreflang: context["page"].url}
    return own | ({"sv": links.original.url} if links.original else {})


@register.simple_tag
def twins_of(kinds: str) -> list[twins.TwinsOfKind]:
    """The twins that a list of them shows: of one kind, or of all minority languages."""
    chosen = [TwinKind(kinds)] if kinds in TwinKind else MINORITY_LANGUAGES
    return twins.all_twins(chosen)
