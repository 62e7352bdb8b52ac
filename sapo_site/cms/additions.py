"""What this app adds to the CMS: a handbook, and messages on accessibility."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from sapo_site.accessibility.handling import AccessibilityMessageViewSet, list_on_start_page
from sapo_site.accounts.account_screens import (
    OpenOrCloseBulkAction,
    RefusedDeleteBulkAction,
    refuse_to_delete,
)
from sapo_site.accounts.own_logins import own_logins_address, own_logins_in_account

from .handbook import handbook_address, handbook_in_menu, hide_guides_of_wagtail

hooks.register("register_admin_urls", handbook_address)
hooks.register("register_help_menu_item", handbook_in_menu)
hooks.register("construct_help_menu", hide_guides_of_wagtail)

hooks.register("register_admin_urls", own_logins_address)
hooks.register("register_account_menu_item", own_logins_in_account)

hooks.register("register_admin_viewset", AccessibilityMessageViewSet)
list_on_start_page()

hooks.register("before_delete_user", refuse_to_delete)
for action in (OpenOrCloseBulkAction, RefusedDeleteBulkAction):
    # After Wagtail's own, whose place they take.
    hooks.register("register_bulk_action", action, order=1)


@hooks.register("register_account_menu_item")
def second_step_in_account(request: HttpRequest) -> dict[str, object]:
    return {
        "url": reverse("own_factors"),
        "label": _("Second step of the login"),
        "help_text": _("Passkeys, an app with codes, and recovery codes."),
    }
