"""The editors' handbook, as a page of the CMS."""

import re
from functools import cache
from typing import Any

import markdown
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

HANDBOOK = settings.PROJECT_DIR / "docs" / "editor_handbook.md"
# How the handbook names its pictures, so that they are shown by whatever shows the file as well.
PICTURE = re.compile(r"\(\.\./static/(handbook/[\w.]+)\)")
_OF_WAGTAIL = ("editor-guide", "whats-new-in-wagtail")


class HandbookView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "sapo_site/handbook.html"
    page_title = _("Editors’ handbook")
    header_icon = "help"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": page_title},
    ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"text": _written()}


@cache
def _written() -> SafeString:
    """The text, its list of contents before the first heading; the title stands above it."""
    text = HANDBOOK.read_text().partition("\n")[2].replace("\n## ", "\n[TOC]\n\n## ", 1)
    text = PICTURE.sub(lambda found: f"({static(found[1])})", text)
    return mark_safe(markdown.markdown(text, extensions=["tables", "toc"]))  # noqa: S308 (our own)


def handbook_address() -> list[URLPattern]:
    return [path("handbok/", HandbookView.as_view(), name="handbook")]


def handbook_in_menu() -> MenuItem:
    return MenuItem(_("Editors’ handbook"), reverse("handbook"), icon_name="help", order=100)


def hide_guides_of_wagtail(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """They are in English, on another host, and about other websites."""
    menu_items[:] = [item for item in menu_items if not item.name.startswith(_OF_WAGTAIL)]
