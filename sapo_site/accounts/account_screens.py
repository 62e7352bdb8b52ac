"""Accounts in the CMS: closing one asks why, and none is deleted."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.users.forms import UserEditForm
from wagtail.users.views.bulk_actions import DeleteBulkAction, SetActiveStateBulkAction
from wagtail.users.views.bulk_actions.set_active_state import ActivityForm
from wagtail.users.views.users import UserViewSet

from pages.newsroom.account_changes import close_as_left, why_accounts_stay

_LEFT, _HIJACKED = "left", "hijacked"


class WhyClosedForm(forms.Form):
    """Asks why accounts are closed, which decides what becomes of what they have approved."""

    closed_because = forms.ChoiceField(
        choices=[(_LEFT, _("Has left")), (_HIJACKED, _("May be hijacked"))],
        widget=forms.RadioSelect,
        required=False,
        label=_("Why is the account closed?"),
        help_text=_(
            "Only when it is closed. What an account that may be hijacked has approved is stopped."
        ),
    )

    def require_reason(self) -> None:
        if not self.cleaned_data.get("closed_because"):
            self.add_error("closed_because", _("Choose why the account is closed."))


class AccountEditForm(WhyClosedForm, UserEditForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "is_active" not in self.fields or not self.instance.is_active:
            del self.fields["closed_because"]

    def clean(self) -> dict[str, Any]:
        if "closed_because" in self.fields and not self.cleaned_data.get("is_active"):
            self.require_reason()
        elif self.cleaned_data.get("closed_because"):
            # Nobody may go away believing that the account is closed.
            self.add_error("is_active", _("Take the tick away to close the account."))
        return super().clean() or self.cleaned_data

    def save(self, commit: bool = True) -> User:
        if self.cleaned_data.get("closed_because") == _LEFT:
            close_as_left(self.instance)
        return super().save(commit)


class AccountViewSet(UserViewSet):
    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return AccountEditForm if for_update else super().get_form_class()


class OpenOrCloseForm(WhyClosedForm, ActivityForm):
    field_order = ["mark_as_active", "closed_because"]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("mark_as_active") is False:
            self.require_reason()
        return self.cleaned_data


class OpenOrCloseBulkAction(SetActiveStateBulkAction):
    """Saves each account, where Wagtail would update them all without a signal."""

    form_class = OpenOrCloseForm

    def get_execution_context(self) -> dict[str, Any]:
        because = self.cleaned_form.cleaned_data["closed_because"]
        return {**super().get_execution_context(), "because": because}

    @classmethod
    def execute_action(
        cls,
        objects: Iterable[User],
        mark_as_active: bool = False,
        because: str = "",
        **_context: Any,
    ) -> tuple[int, int]:
        accounts = list(objects)
        for account in accounts:
            if because == _LEFT:
                close_as_left(account)
            account.is_active = mark_as_active
            account.save(update_fields=["is_active"])
        return len(accounts), 0


class RefusedDeleteBulkAction(DeleteBulkAction):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        messages.error(request, why_accounts_stay())
        return redirect("wagtailusers_users:index")


def refuse_to_delete(request: HttpRequest, user: User) -> HttpResponse:
    """Leads to the form in which the account can be closed."""
    messages.error(request, why_accounts_stay())
    return redirect("wagtailusers_users:edit", user.pk)
