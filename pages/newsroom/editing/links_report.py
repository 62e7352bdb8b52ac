"""The report on links of public pages that lead to nothing, as they were last night."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Max, Model, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.tables import Column, DateColumn

from pages.checks.models import LinkState
from pages.newsroom.proposals import title_of

from .writers_report import WritersReport


class NamedByColumn(Column):
    """Who leads there, each with the way to its form."""

    cell_template_name = "editing/named_by_cell.html"


class LinksReport(WritersReport):
    """What does not answer, the longest first; with the pages that lead there."""

    page_title = _("Links")
    header_icon = "link"
    index_url_name = "links_report"
    index_results_url_name = "links_report_results"
    export_filename = "lankar"
    address = "links"
    menu_order = 690
    default_ordering = "failing_since"
    columns = [
        Column("address", label=_("Address"), sort_key="address"),
        Column("answer", label=_("Answer")),
        DateColumn("failing_since", label=_("Does not answer since"), sort_key="failing_since"),
        NamedByColumn("named", label=_("Stands on")),
    ]
    list_export = ["address", "answer", "failing_since", "named_titles"]
    export_headings = {each.name: each.label for each in columns} | {"named_titles": _("Stands on")}

    def get_base_queryset(self) -> QuerySet[LinkState]:
        return LinkState.objects.failing()

    @property
    def introduction(self) -> str:
        last = LinkState.objects.aggregate(last=Max("checked_at"))["last"]
        if last is None:
            return gettext("The links have not been asked yet: that is done at night.")
        text = gettext(
            "What public pages lead to and visitors cannot reach, as it was on %(when)s. Where no page is"
            " yet, readers meet the words alone, until one is public."
        )
        return text % {"when": date_format(localtime(last), "j F Y H.i")}

    def decorate_paginated_queryset(self, object_list: Iterable[Any]) -> Iterable[Any]:
        finder = AdminURLFinder(self.request.user)
        found = _named(object_list)
        for state in object_list:
            objects = [found[name] for name in state.named_by if name in found]
            state.named = [
                {"title": title_of(obj), "url": finder.get_edit_url(obj)} for obj in objects
            ]
            state.named_titles = ", ".join(title_of(obj) for obj in objects)
        return object_list


def _named(states: Iterable[LinkState]) -> dict[str, Model]:
    """Kind and key -> the object, in one query a kind."""
    keys: dict[str, set[str]] = defaultdict(set)
    for state in states:
        for name in state.named_by:
            kind, _colon, key = str(name).partition(":")
            keys[kind].add(key)
    return {
        f"{kind}:{obj.pk}": obj
        for kind, those in keys.items()
        for obj in apps.get_model(kind)._base_manager.filter(pk__in=those)
    }
