"""The frame: what stands around every page, remembered until its content changes."""

import copy
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from pages.content.models import Alert, CookieNotice, Footer, ShownAlert, ThreatLevelDecision
from pages.content.references.named import named_by
from pages.content.references.shelves import listed_pages_at, paths_above
from pages.content.tree.addresses import root_of
from pages.content.tree.listed import ListedPage, entries_of
from pages.ground.version.memory import once, remembered, request_began

from .abbreviations import FullName, known_abbreviations
from .navigation import Crumb


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
        # Its links may change while the footer does not: each copy resolves them once.
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
            lambda: CookieNotice.objects.public().filter(**self._here).first(),
        )

    @property
    def abbreviations(self) -> dict[str, FullName]:
        return known_abbreviations(self._language)

    @property
    def named_pages(self) -> set[int]:
        """The pages that footer and notices link to."""
        return remembered(
            f"named:{self._language}", ("footer", "alert", "cookienotice"), self._named_pages
        )

    def alerts_now(self) -> list[ShownAlert]:
        """The alerts that are shown now."""
        now = timezone.now()
        return [alert for alert in _alerts_in(self._language) if alert.is_shown_at(now)]

    def crumbs_to(self, page: Page) -> list[Crumb]:
        """The breadcrumbs from the start page to a page; the last one is the page itself."""
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
            lambda: Footer.objects.public().filter(**self._here).select_related("locale").first(),
        )

    def _named_pages(self) -> set[int]:
        notice = self.cookie_notice
        own = (alert for alert in _alerts_in(self._language) if alert.is_page_own)
        linked = {alert.page_key for alert in own if alert.page_key}
        if notice and notice.page_id:
            linked.add(notice.page_id)
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


def moments_of_alerts(language: str) -> list[datetime]:
    """The moments when an alert begins or ends."""
    moments = (
        moment for alert in _alerts_in(language) for moment in (alert.starts_at, alert.ends_at)
    )
    return [moment for moment in moments if moment is not None]


def moments_of_decisions(_language: str) -> list[datetime]:
    """The moments from which decisions on the threat level count."""
    return remembered(
        "moments of decisions", ("threatleveldecision",), ThreatLevelDecision.objects.moments
    )


def last_decision_came_at() -> datetime | None:
    """The last of these moments that has come: until the next the level stays."""
    now = request_began()
    return max((each for each in moments_of_decisions("") if each <= now), default=None)


def _alerts_in(language: str) -> list[ShownAlert]:
    return remembered(f"alerts:{language}", ("alert",), lambda: Alert.objects.shown_in(language))
