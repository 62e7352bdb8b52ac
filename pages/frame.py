"""What stands around every page, remembered while what it is made of does not change."""

import copy
from collections.abc import Iterable
from datetime import date, datetime, time

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.timezone import localdate, make_aware
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from .abbreviations import known_abbreviations
from .addresses import root_of
from .listings import ListedPage, entries_of
from .memory import began, once, remembered
from .models import Alert, CookieNotice, Footer, ThreatLevelDecision
from .navigation import Crumb
from .references import listed_pages_at, named_by, paths_above


class Frame:
    """Menu, breadcrumbs, footer and notices in one language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._here = {"locale__language_code": language}

    @cached_property
    def sections(self) -> list[ListedPage]:
        """The pages right below the start page that stand in the menu."""
        return remembered(
            f"sections:{self._language}", ("page", "start"), lambda: _sections_in(self._language)
        )

    @cached_property
    def footer(self) -> Footer | None:
        # What its links lead to may change while it does not: each copy finds out once.
        return remembered(
            f"footer and links:{self._language}",
            ("footer", "page", "sitedocument"),
            lambda: copy.deepcopy(self._footer),
        )

    @cached_property
    def cookie_notice(self) -> CookieNotice | None:
        return remembered(
            f"cookie notice:{self._language}",
            ("cookienotice",),
            lambda: CookieNotice.objects.filter(**self._here).first(),
        )

    @property
    def abbreviations(self) -> dict[str, str]:
        return known_abbreviations(self._language)

    @property
    def named_pages(self) -> set[int]:
        """The pages that footer and notices link to."""
        return remembered(
            f"named:{self._language}", ("footer", "alert", "cookienotice"), self._named_pages
        )

    def alerts_now(self) -> list[Alert]:
        """The alerts whose time it is."""
        now = timezone.now()
        return [
            alert
            for alert in self._alerts
            if alert.starts_at <= now and (alert.ends_at is None or alert.ends_at > now)
        ]

    def moments_ahead(self) -> list[datetime]:
        """When pages change by themselves next: a notice begins or ends, a decision comes in force.

        Counted from when the request began: what came while it was answered may not be in the answer.
        """
        now = began()
        moments = [*_moments_of(self._alerts), *_beginnings(_next_decision_after(localdate(now)))]
        return [moment for moment in moments if moment > now]

    def crumbs_to(self, page: Page) -> list[Crumb]:
        """The way from the start page to a page; the last step is the page itself."""
        root = root_of(self._language)
        if root is None or not page.url_path.startswith(root.root_path):
            return [Crumb(page.title, "")]
        above = listed_pages_at(paths_above(page)).values()
        return [
            *(
                Crumb(_("Start") if step.url_path == root.root_path else step.title, step.url)
                for step in sorted(filter(None, above), key=lambda step: step.path)
                if step.live and step.url_path.startswith(root.root_path)
            ),
            Crumb(page.title, ""),
        ]

    @property
    def _footer(self) -> Footer | None:
        return remembered(
            f"footer:{self._language}",
            ("footer",),
            lambda: Footer.objects.filter(**self._here).select_related("locale").first(),
        )

    @property
    def _alerts(self) -> list[Alert]:
        return remembered(
            f"alerts:{self._language}",
            ("alert",),
            lambda: list(Alert.objects.filter(**self._here)),
        )

    def _named_pages(self) -> set[int]:
        notices = [*self._alerts, self.cookie_notice]
        linked = {notice.page_id for notice in notices if notice and notice.page_id}
        return linked | (named_by(self._footer).get(Page, set()) if self._footer else set())


def frame_of(request: HttpRequest) -> Frame:
    """The frame in the language of the request."""
    language = get_language() or settings.LANGUAGE_CODE
    return once(request, f"frame:{language}", lambda: Frame(language))


def _sections_in(language: str) -> list[ListedPage]:
    root = root_of(language)
    if root is None:
        return []
    below = Page.objects.live().filter(show_in_menus=True, depth=root.root_path.count("/") + 1)
    return entries_of(below.filter(url_path__startswith=root.root_path).order_by("path"))


def _next_decision_after(day: date) -> date | None:
    """Asked anew each day: the next decision on the threat level may have come into force."""
    return remembered(
        "next decision",
        ("threatleveldecision",),
        lambda: ThreatLevelDecision.objects.next_day(day),
        day=str(day),
    )


def _moments_of(alerts: Iterable[Alert]) -> list[datetime]:
    moments = (moment for alert in alerts for moment in (alert.starts_at, alert.ends_at))
    return [moment for moment in moments if moment is not None]


def _beginnings(day: date | None) -> list[datetime]:
    return [] if day is None else [make_aware(datetime.combine(day, time()))]
