"""What has been said to the public: decisions on the level, and messages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from pages.content.models import Alert, ThreatLevelDecision, ThreatLevelPage
from pages.content.models.alert import ShownAlert
from pages.content.tree.addresses import address_of
from pages.ground.version.memory import request_began
from pages.public.store.keeping import kept

BOTH_LANGUAGES = ("sv", "en")
# What the pages say in words: free to use, with us named as the source.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
MESSAGES_IN_FEED = 20
FOR_EVERYBODYS_PROGRAMS = {
    "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"
}  # fmt: skip


def for_everybodys_programs(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An answer that is kept until it changes, and that anyone may show on a page of their own."""

    @wraps(view)
    def opened(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        for name, value in FOR_EVERYBODYS_PROGRAMS.items():
            response.headers[name] = value
        return response

    return require_safe(kept(opened))


@dataclass(frozen=True)
class SaidMessage:
    """A message that stands or has stood before readers, among the others."""

    message: Alert
    shown: ShownAlert  # in the language that was asked for
    follows: Alert | None  # whose place it took
    followed_by: Alert | None

    @property
    def is_shown(self) -> bool:
        return self.shown.is_shown_at(request_began())


def messages(language: str) -> list[SaidMessage]:
    """The messages that have begun and say something in the language, the latest first."""
    begun: dict[int | None, Alert] = {
        each.pk: each for each in Alert.objects.out().filter(starts_at__lte=request_began())
    }
    # One that was withdrawn is not among them; the service for visitors does not even see it.
    followers = {each.follows_id: each for each in begun.values() if each.follows_id}
    said = [
        SaidMessage(each, shown, begun.get(each.follows_id), followers.get(each.pk))
        for each in begun.values()
        if (shown := each.shown_in(language)) is not None
    ]
    return sorted(said, key=lambda each: (each.message.said_at, each.message.pk), reverse=True)


def decided_at(decision: ThreatLevelDecision) -> datetime:
    """When readers could first meet the decision."""
    return max(decision.decided_at, decision.first_published_at or decision.recorded_at)


def first_said_at(message: Alert) -> datetime:
    """When the message first stood before readers; it may have been changed where it stands since."""
    return max(filter(None, (message.starts_at, message.first_published_at)))


def as_said(moment: datetime) -> str:
    """A moment with its hour as it is in Sweden, to the second."""
    return localtime(moment).replace(microsecond=0).isoformat()


def absolute(request: HttpRequest, address: str) -> str:
    return request.build_absolute_uri(address) if address else ""


def level_page_in(language: str) -> str:
    """The address of the page on the level, or else of the start page."""
    pages = ThreatLevelPage.objects.live().filter(locale__language_code=language)
    page = pages.order_by("path").first()
    return (page and address_of(page.url_path)) or start_page_in(language)


def message_page_in(message: Alert, language: str) -> str:
    """The address of the page with more to read, or else of the start page, where the message stands."""
    shown = message.shown_in(language)
    page = shown.linked_page if shown else None
    return (page and page.url) or start_page_in(language)


def start_page_in(language: str) -> str:
    with translation.override(language):
        return reverse("wagtail_serve", args=[""])
