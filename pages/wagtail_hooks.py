"""What this app adds to the CMS."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.choosers import (
    EmailLinkChooserForm,
    ExternalLinkChooserForm,
    PhoneLinkChooserForm,
)
from wagtail.admin.views.pages.search import SearchView
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry

from pages.editing.permissions import spare_questions
from pages.references.rich_text import SiteDocumentLinkHandler, SitePageLinkHandler

from .editing import registers
from .search import editors


@hooks.register("register_rich_text_features", order=10)
def register_link_handlers(features: FeatureRegistry) -> None:
    """Lets links in rich text find their targets on the shelves (`pages.references`)."""
    features.register_link_type(SitePageLinkHandler)
    features.register_link_type(SiteDocumentLinkHandler)


# The forms of the link chooser name their fields in English only.
for _form in (EmailLinkChooserForm, ExternalLinkChooserForm, PhoneLinkChooserForm):
    for _name, _label in (
        ("link_text", _("Link text")),
        ("email_address", _("E-mail address")),
        ("subject", _("Subject line")),
        ("body", _("Message")),
        ("phone_number", _("Telephone number")),
    ):
        if _name in _form.base_fields:
            _form.base_fields[_name].label = _label

# The page search is the only list of pages without names for what it counts.
SearchView.verbose_name = Page._meta.verbose_name
SearchView.verbose_name_plural = Page._meta.verbose_name_plural

spare_questions()

hooks.register("construct_main_menu", registers.hide_snippets_menu)
hooks.register("register_reports_menu_item", editors.add_unmet_queries_to_menu)
hooks.register("register_admin_urls", editors.add_unmet_queries)


@hooks.register("before_delete_page")
def keep_what_was_published(request: HttpRequest, page: Page) -> None:
    """Lets only users who may publish delete what was published, which may have to be kept."""
    was_read = page.get_descendants(inclusive=True).filter(first_published_at__isnull=False)
    if was_read.exists() and not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied


@hooks.register("before_bulk_action")
def keep_what_was_published_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Model], action_class_instance: Any
) -> None:
    """Does the same when several pages are deleted at once."""
    if action_type == "delete":
        for each in objects:
            if isinstance(each, Page):
                keep_what_was_published(request, each)
