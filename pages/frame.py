"""What stands around every page, remembered while no published content changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.timezone import localdate, make_aware
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from .abbreviations import known_abbreviations
from .addresses import address_of, forget_roots, root_of
from .listings import ListedPage, as_listed, listed
from .memory import once, remembered
from .models import (
    Alert,
    Contact,
    ContentVersion,
    CookieNotice,
    Footer,
    ThreatLevelDecision,
)
from .navigation import Crumb


@dataclass
class Frame:
    """Menu, footer, notices, and the small registers that pages refer to, in one language."""

    version: str  # the content version that they are of
    sections: list[ListedPage]
    parents: dict[str, str]  # url_path -> title of every page that has pages below it
    footer: Footer | None
    cookie_notice: CookieNotice | None
    alerts: list[Alert]
    abbreviations: dict[str, str]
    moments: list[datetime]  # when something changes though nobody changes it

    @cached_property
    def contacts(self) -> dict[int, Contact]:
        """Every contact there is: a handful, shown on many pages."""
        return Contact.objects.in_bulk()

    def alerts_now(self) -> list[Alert]:
        """The alerts whose time it is."""
        now = timezone.now()
        return [
            alert
            for alert in self.alerts
            if alert.starts_at <= now and (alert.ends_at is None or alert.ends_at > now)
        ]

    def moments_ahead(self) -> list[datetime]:
        """When pages change by themselves next: a notice begins or ends, a decision comes in force."""
        now = timezone.now()
        return [moment for moment in self.moments if moment > now]

    def crumbs_to(self, page: Page) -> list[Crumb]:
        """The way from the start page to a page; the last step is the page itself."""
        root = root_of(get_language() or settings.LANGUAGE_CODE)
        if root is None or not page.url_path.startswith(root.root_path):
            return [Crumb(page.title, "")]
        return [*self._steps_to(page, root.root_path), Crumb(page.title, "")]

    def _steps_to(self, page: Page, root_path: str) -> list[Crumb]:
        parts = page.url_path[len(root_path) :].split("/")[:-2]
        paths = [
            root_path + "".join(f"{part}/" for part in parts[:n]) for n in range(len(parts) + 1)
        ]
        return [
            Crumb(_("Start") if path == root_path else self.parents[path], address_of(path) or "")
            for path in paths
            if path in self.parents and path != page.url_path
        ]


def frame_of(request: HttpRequest, version: str | None = None) -> Frame:
    """The frame in the language of the request; asked for once in a request.

    `version` is the content version, where the caller already knows it.
    """
    language = get_language() or settings.LANGUAGE_CODE

    def frame() -> Frame:
        now = ContentVersion.current() if version is None else version
        # Made anew each day: the next decision on the threat level may have come into force.
        return remembered(
            f"frame:{language}", now and f"{now} {localdate()}", lambda: _frame_in(language, now)
        )

    return once(request, "frame", frame)


def _frame_in(language: str, version: str) -> Frame:
    here = {"locale__language_code": language}
    parents = _parents_and_sections()
    start = _start_among(parents, language)
    if start is None:
        forget_roots()  # another process may have moved the start page
        start = _start_among(parents, language)
    alerts = list(Alert.objects.filter(**here).select_related("page"))
    return Frame(
        version=version,
        sections=as_listed(
            page for page in parents if start and page.show_in_menus and page.is_child_of(start)
        ),
        parents={page.url_path: page.title for page in parents},
        footer=Footer.objects.filter(**here).select_related("locale").first(),
        cookie_notice=CookieNotice.objects.filter(**here).select_related("page").first(),
        alerts=alerts,
        abbreviations=known_abbreviations(language),
        moments=[*_moments_of(alerts), *_beginnings(page.next_decision_on for page in parents[:1])],
    )


def _moments_of(alerts: Iterable[Alert]) -> list[datetime]:
    moments = (moment for alert in alerts for moment in (alert.starts_at, alert.ends_at))
    return [moment for moment in moments if moment is not None]


def _beginnings(days: Iterable[date | None]) -> list[datetime]:
    return [make_aware(datetime.combine(day, time())) for day in days if day is not None]


def _start_among(pages: list[Page], language: str) -> Page | None:
    root = root_of(language)
    return next((page for page in pages if root and page.url_path == root.root_path), None)


def _parents_and_sections() -> list[Page]:
    """Every live page that others lie under, or that may stand in the menu, in tree order."""
    pages = (
        Page.objects.live().filter(depth__gt=1).filter(Q(numchild__gt=0) | Q(show_in_menus=True))
    )
    dated = listed(pages).annotate(next_decision_on=ThreatLevelDecision.objects.next_day())
    return list(dated.order_by("path"))
