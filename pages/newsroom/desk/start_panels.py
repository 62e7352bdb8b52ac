"""The panels of the start page of the CMS: what to begin with, the lists, and what is quiet."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from pages.content.models import HomePage, NewsIndexPage, SectionPage
from pages.content.publishing.roles import is_chief
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.models import CallNumber, Duty
from pages.newsroom.persons import turn_on_call

from .start import MOST_ROWS, START_LISTS, Listed, StartDesk, StartRow

_SHOWN = 6


class BeginPanel(Component):
    """What one comes to write, the way from a public address, and who is on call."""

    template_name = "newsdesk/start_begin.html"
    order = -1

    class Media:
        css = {"all": ["css/newsdesk.css"]}

    def __init__(self, desk: StartDesk) -> None:
        self.user = desk.user

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = {"is_chief": is_chief(self.user)}
        if turn := turn_on_call():
            after = Duty.objects.filter(begins__gt=turn.begins).first()
            context |= {
                "turn": turn,
                "until": after and after.begins - timedelta(days=1),
                "number": CallNumber.objects.filter(account=turn.account).first(),
            }
        if page_permission_policy.user_has_permission(self.user, "add"):
            news = NewsIndexPage.objects.live().order_by("path")
            sections = Page.objects.live().type(SectionPage, HomePage).order_by("path")
            context |= {"news": news.first(), "sections": sections, "is_writer": True}
        return context


class ListPanel(Component):
    """The first rows of a list."""

    template_name = "newsdesk/start_panel.html"

    def __init__(self, listed: Listed, rows: list[StartRow], order: int) -> None:
        self.listed, self.rows, self.order = listed, rows, order

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"listed": self.listed, "rows": self.rows[:_SHOWN], "count": len(self.rows)}


class QuietPanel(Component):
    """One line for all lists that are empty."""

    template_name = "newsdesk/start_quiet.html"

    def __init__(self, quiet: list[Listed], order: int) -> None:
        self.quiet, self.order = quiet, order

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        waiting = [each for each in START_LISTS.values() if each.is_waiting]
        return {
            "lists": [each for each in self.quiet if not each.is_waiting],
            "nothing_waits": all(each in self.quiet for each in waiting),
        }


def _rows_of(listed: Listed, desk: StartDesk) -> list[StartRow]:
    return list(islice(listed.rows(desk), MOST_ROWS))


def show_lists(request: SignedInRequest, panels: list[Component]) -> None:
    """Puts the lists in place of Wagtail's panels, which show what everybody has done."""
    desk = StartDesk(request.user)
    rows = {each.name: _rows_of(each, desk) for each in START_LISTS.values()}
    lists = list(START_LISTS.values())
    quiet = [each for each in lists if not rows[each.name]]
    panels[:] = [
        BeginPanel(desk),
        *(ListPanel(each, rows[each.name], lists.index(each)) for each in lists if rows[each.name]),
        QuietPanel(quiet, len(lists)),
    ]


def leave_numbers_out(request: SignedInRequest, items: list[Component]) -> None:
    """How many pages there are is in nobody's way to what waits."""
    items.clear()


def whole_list(request: SignedInRequest, name: str) -> HttpResponse:
    """All rows of one list."""
    if name not in START_LISTS:
        raise Http404
    rows = _rows_of(START_LISTS[name], StartDesk(request.user))
    return render(request, "newsdesk/start_list.html", {"listed": START_LISTS[name], "rows": rows})
