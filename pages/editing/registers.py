"""The snippets that editors keep, each with its own item in the menu of the CMS."""

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import permissions
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from pages.models import (
    Alert,
    Contact,
    CookieNotice,
    Footer,
    ThreatLevelDecision,
    Topic,
    Withdrawal,
)


class AppendOnlyPermissionPolicy(ModelPermissionPolicy):
    """Lets users add objects, but never change or delete one."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        return action not in ("change", "delete") and super().user_has_permission(user, action)

    def user_has_permission_for_instance(
        self, user: AbstractBaseUser, action: str, instance: Model
    ) -> bool:
        return self.user_has_permission(user, action)


@register_snippet
class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["name", "slug", "locale"]
    inspect_view_enabled = True


@register_snippet
class ContactViewSet(SnippetViewSet):
    model = Contact
    icon = "group"
    menu_label = _("Contacts")
    menu_order = 320
    add_to_admin_menu = True
    list_display = ["name", "phone", "email", "locale"]
    inspect_view_enabled = True


# Wagtail 8 warns at every start unless the policy is registered here; 7.4 cannot register it.
if register := getattr(permissions, "register_permission_policy", None):
    register(ThreatLevelDecision, AppendOnlyPermissionPolicy(ThreatLevelDecision), exact_class=True)


@register_snippet
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


@register_snippet
class AlertViewSet(SnippetViewSet):
    model = Alert
    icon = "warning"
    menu_label = _("Important messages")
    menu_order = 100
    add_to_settings_menu = True
    list_display = ["heading", "level", "starts_at", "ends_at", "locale"]


@register_snippet
class CookieNoticeViewSet(SnippetViewSet):
    model = CookieNotice
    icon = "info-circle"
    menu_label = _("Cookie notice")
    menu_order = 110
    add_to_settings_menu = True
    list_display = ["heading", "is_shown", "locale"]


@register_snippet
class FooterViewSet(SnippetViewSet):
    model = Footer
    icon = "list-ul"
    menu_label = _("Footer")
    menu_order = 120
    add_to_settings_menu = True
    list_display = ["__str__"]


@register_snippet
class WithdrawalViewSet(SnippetViewSet):
    model = Withdrawal
    icon = "bin"
    menu_label = _("Withdrawn pages")
    menu_order = 130
    add_to_settings_menu = True
    list_display = ["title", "address", "withdrawn_on"]
    search_fields = ["title", "address"]


def hide_snippets_menu(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Each kind of snippet has a place of its own in the menu."""
    menu_items[:] = [item for item in menu_items if item.name != "snippets"]
