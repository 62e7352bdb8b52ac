"""The reports on what is public, or has been, without the word of two persons."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from pages.newsroom.before_the_rule import public_since_before
from pages.newsroom.digest import object_of
from pages.newsroom.editing.writers_report import ToldReport
from pages.newsroom.emergencies import who_put_out
from pages.newsroom.models import Approval, Publication
from pages.newsroom.moments import since

from .showing import kind_label


class BeforeTheRuleReport(ReportView):
    """What was public before two could confirm it, and is so still; the oldest first."""

    page_title = _("Before the rule")
    header_icon = "history"
    index_url_name = "newsdesk:before_the_rule"
    index_results_url_name = "newsdesk:before_the_rule_results"
    export_filename = "fore-regeln"
    default_ordering = "revision__created_at"
    columns = [
        TitleColumn(
            "title",
            label=_("Title"),
            get_url=lambda row: reverse("newsdesk:send", args=[row.kind, row.key]),
        ),
        Column("kind_label", label=_("Kind")),
        DateColumn(
            "published",
            label=_("Published"),
            accessor="revision.created_at",
            sort_key="revision__created_at",
        ),
    ]
    list_export = ["title", "kind_label", "revision.created_at"]
    export_headings = {
        "title": _("Title"),
        "kind_label": _("Kind"),
        "revision.created_at": _("Published"),
    }

    def get_base_queryset(self) -> QuerySet[Publication]:
        return public_since_before().select_related("revision")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        for row in object_list:
            obj = object_of(row.kind, row.key)
            row.kind_label = kind_label(obj) if obj else row.kind
        return object_list


class EmergenciesReport(ToldReport):
    """All that a chief editor has put out alone, and what came of the review; the latest first."""

    page_title = _("Emergency publications")
    header_icon = "warning"
    index_url_name = "newsdesk:emergencies"
    index_results_url_name = "newsdesk:emergencies_results"
    export_filename = "nodpubliceringar"
    introduction = _(
        "What a chief editor has published or removed alone because it could not wait."
        " Another person reviews it afterwards."
    )
    default_ordering = "-decided_at"
    columns = [
        TitleColumn(
            "title",
            label=_("Title"),
            get_url=lambda approval: reverse("newsdesk:review", args=[approval.pk]),
        ),
        Column("by", label=_("Who")),
        DateColumn("decided_at", label=_("When"), sort_key="decided_at"),
        Column("reason", label=_("Reason")),
        Column("review", label=_("Review")),
    ]
    list_export = [each.name for each in columns]
    export_headings = {each.name: each.label for each in columns}

    def get_base_queryset(self) -> QuerySet[Approval]:
        return Approval.objects.filter(ground=Approval.Ground.EMERGENCY).prefetch_related("reviews")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        for approval in object_list:
            approval.by = who_put_out(approval).person_name
            approval.review = _review_of(approval)
        return object_list


def _review_of(approval: Approval) -> str:
    said = [
        f"{each.get_answer_display()}, {each.by_name} {since(each.at)}"
        for each in approval.reviews.all()
    ]
    return "; ".join(said) or gettext("Not reviewed")


def _in_menu(report: type[ReportView], order: int) -> MenuItem:
    address = reverse(report.index_url_name)
    return MenuItem(report.page_title, address, icon_name=report.header_icon, order=order)


emergencies_in_menu = partial(_in_menu, EmergenciesReport, order=10)
before_the_rule_in_menu = partial(_in_menu, BeforeTheRuleReport, order=20)
