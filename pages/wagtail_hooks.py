"""What this app adds to the CMS."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks, permissions
from wagtail.admin.forms.choosers import (
    EmailLinkChooserForm,
    ExternalLinkChooserForm,
    PhoneLinkChooserForm,
)
from wagtail.admin.views.pages.search import SearchView
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Alert, Contact, CookieNotice, Footer, ThreatLevelDecision, Topic, Withdrawal
from .permissions import spare_questions
from .rich_text import SiteDocumentLinkHandler, SitePageLinkHandler
from .search.editors import RecommendationViewSet, SynonymViewSet


@hooks.register("register_rich_text_features", order=10)
def register_link_handlers(features: FeatureRegistry) -> None:
    """Links in rich text find their targets among the references of the page being served."""
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

# Alone among the lists of pages, the search does not know what to call what it counts.
SearchView.verbose_name = Page._meta.verbose_name
SearchView.verbose_name_plural = Page._meta.verbose_name_plural

spare_questions()


class AppendOnlyPermissionPolicy(ModelPermissionPolicy):
    """Whoever may add such an object may still not change or delete one."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        return action not in ("change", "delete") and super().user_has_permission(user, action)

    def user_has_permission_for_instance(
        self, user: AbstractBaseUser, action: str, instance: Model
    ) -> bool:
        return self.user_has_permission(user, action)


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["name", "slug", "locale"]
    inspect_view_enabled = True


class ContactViewSet(SnippetViewSet):
    model = Contact
    icon = "group"
    menu_label = _("Contacts")
    menu_order = 320
    add_to_admin_menu = True
    list_display = ["name", "phone", "email", "locale"]
    inspect_view_enabled = True


class ThreatLevelDecisionViewSet(SnippetViewSet):
    model = ThreatLevelDecision
    icon = "warning"
    menu_label = _("Threat level")
    menu_order = 340
    add_to_admin_menu = True
    list_display = ["decided_on", "level_name", "decided_by"]
    inspect_view_enabled = True
    copy_view_enabled = False

    @property
    def permission_policy(self) -> AppendOnlyPermissionPolicy:
        return AppendOnlyPermissionPolicy(self.model)


# Wagtail 8 wants to be told apart from the viewset, and says so on every start; 7.4 cannot be told.
if register := getattr(permissions, "register_permission_policy", None):
    register(ThreatLevelDecision, AppendOnlyPermissionPolicy(ThreatLevelDecision), exact_class=True)


class AlertViewSet(SnippetViewSet):
    model = Alert
    icon = "warning"
    menu_label = _("Important messages")
    menu_order = 100
    add_to_settings_menu = True
    list_display = ["heading", "level", "starts_at", "ends_at", "locale"]


class CookieNoticeViewSet(SnippetViewSet):
    model = CookieNotice
    icon = "info-circle"
    menu_label = _("Cookie notice")
    menu_order = 110
    add_to_settings_menu = True
    list_display = ["heading", "is_shown", "locale"]


class FooterViewSet(SnippetViewSet):
    model = Footer
    icon = "list-ul"
    menu_label = _("Footer")
    menu_order = 120
    add_to_settings_menu = True
    list_display = ["__str__", "phone"]


class WithdrawalViewSet(SnippetViewSet):
    model = Withdrawal
    icon = "bin"
    menu_label = _("Withdrawn pages")
    menu_order = 130
    add_to_settings_menu = True
    list_display = ["title", "address", "withdrawn_on"]
    search_fields = ["title", "address"]


for viewset in (
    TopicViewSet,
    ContactViewSet,
    ThreatLevelDecisionViewSet,
    AlertViewSet,
    CookieNoticeViewSet,
    FooterViewSet,
    WithdrawalViewSet,
    SynonymViewSet,
    RecommendationViewSet,
):
    register_snippet(viewset)


@hooks.register("before_delete_page")
def keep_what_was_published(request: HttpRequest, page: Page) -> None:
    """A page that the public has read may have to be kept: only those who publish may delete it."""
    was_read = page.get_descendants(inclusive=True).filter(first_published_at__isnull=False)
    if was_read.exists() and not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied


@hooks.register("before_bulk_action")
def keep_what_was_published_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Model], action_class_instance: Any
) -> None:
    """The same, when several pages are deleted at once."""
    if action_type == "delete":
        for each in objects:
            if isinstance(each, Page):
                keep_what_was_published(request, each)


@hooks.register("construct_main_menu")
def hide_snippets_menu(request: Any, menu_items: list[Any]) -> None:
    """Each kind of snippet has a place of its own in the menu."""
    menu_items[:] = [item for item in menu_items if item.name != "snippets"]
