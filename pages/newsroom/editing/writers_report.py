"""A report of the CMS for whoever writes."""

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.functional import Promise
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from pages.content.models import Contact


class ToldReport(ReportView):
    """A report that begins with words about what it lists."""

    template_name = "editing/report.html"

    @property
    def introduction(self) -> str | Promise:
        raise NotImplementedError


class WritersReport(ToldReport):
    """A report that whoever writes may see, with its line of the menu and its addresses."""

    # Whoever writes may look.
    permission_policy = ModelPermissionPolicy(Contact)
    any_permission_required = {"add", "change"}
    address = ""  # its last part
    menu_order = 0

    @classmethod
    def in_menu(cls) -> MenuItem:
        return _Line(
            cls.page_title,
            reverse(cls.index_url_name),
            icon_name=cls.header_icon,
            order=cls.menu_order,
        )

    @classmethod
    def addresses(cls) -> list[object]:
        whole, results = cls.as_view(), cls.as_view(results_only=True)
        return [
            path(f"reports/{cls.address}/", whole, name=cls.index_url_name),
            path(f"reports/{cls.address}/results/", results, name=cls.index_results_url_name),
        ]


class _Line(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return WritersReport.permission_policy.user_has_any_permission(
            request.user, WritersReport.any_permission_required
        )
