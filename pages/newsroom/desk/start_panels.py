"""What the start page of the CMS shows: what to begin with, and the lists."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.models import User
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


class StartPanel(Component):
    """What one comes to write, who is on call, and the first rows of each list."""

    template_name = "newsdesk/start.html"
    order = 0

    class Media:
        css = {"all": ["css/newsdesk.css"]}

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        desk = StartDesk(self.user)
        lists = [(each, _rows_of(each, desk)) for each in START_LISTS.values()]
        context: dict[str, Any] = {
            "lists": [(each, rows[:_SHOWN], len(rows)) for each, rows in lists if rows],
            "nothing_waits": not any(rows for each, rows in lists if each.is_waiting),
            "is_chief": is_chief(self.user),
        }
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


def _rows_of(listed: Listed, desk: StartDesk) -> list[StartRow]:
    return list(islice(listed.rows(desk), MOST_ROWS))


def show_lists(request: SignedInRequest, panels: list[Component]) -> None:
    """In place of Wagtail's panels, which show what everybody has done."""
    panels[:] = [StartPanel(request.user)]


def whole_list(request: SignedInRequest, name: str) -> HttpResponse:
    """All rows of one list."""
    if name not in START_LISTS:
        raise Http404
    rows = _rows_of(START_LISTS[name], StartDesk(request.user))
    return render(request, "newsdesk/start_list.html", {"listed": START_LISTS[name], "rows": rows})
