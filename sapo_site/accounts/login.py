"""Logging in to the CMS and out of it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm, PasswordChangeForm
from wagtail.admin.views.account import (
    AvatarSettingsPanel,
    ChangePasswordPanel,
    LoginView,
    LogoutView,
)

from pages.newsroom.acting import acting_request
from sapo_site.accounts.brake import BRAKED, Brake, login_address
from sapo_site.audit_log.audit import CMS_DOOR
from tips.journal import note_refusal

from .second_factor.passkeys import works_at
from .second_factor.stages import cms_browsers, may_use_cms, password_was_right

_brake = Brake()
_BRAKED = "braked"


class CmsLoginForm(LoginForm):
    """Wagtail's login form, with a brake.

    Whoever may not come in is answered as if the password were wrong.
    """

    error_messages = {
        **LoginForm.error_messages,
        _BRAKED: BRAKED,
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        # "Remember me" would let a session outlast the browser, and its end.
        del self.fields["remember"]

    def clean(self) -> dict[str, object]:
        name = self.cleaned_data.get("username")
        if not name or not self.cleaned_data.get("password"):
            return super().clean()
        try:
            if not _brake.lets_through(*self._who()):
                raise ValidationError(self.error_messages[_BRAKED], code=_BRAKED)
            return super().clean()
        except ValidationError as fault:
            is_known = get_user_model()._default_manager.filter(username=name).exists()
            _note_refusal(name if is_known else None, fault)
            raise

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if not may_use_cms(user):
            raise self.get_invalid_login_error()
        _brake.was_right(*self._who())

    def _who(self) -> tuple[str, str, str]:
        name = self.cleaned_data["username"]
        return _who(self.request or HttpRequest(), name)


class OwnPasswordForm(PasswordChangeForm):
    """Wagtail's form for another password: wrong old ones are counted with those at the login."""

    def clean_old_password(self) -> str:
        request: Any = acting_request() or HttpRequest()
        # The view draws its forms anew when one is wrong: that is no second attempt.
        if not hasattr(request, "said_of_old_password"):
            request.said_of_old_password = self._what_is_wrong(request)
        if request.said_of_old_password:
            raise ValidationError(request.said_of_old_password)
        return self.cleaned_data["old_password"]

    def _what_is_wrong(self, request: HttpRequest) -> str:
        name = self.user.get_username()
        who = _who(request, name)
        try:
            if not _brake.lets_through(*who):
                raise ValidationError(BRAKED, code=_BRAKED)
            super().clean_old_password()
        except ValidationError as fault:
            _note_refusal(name, fault)
            return str(fault.message)
        _brake.was_right(*who)
        return ""


def own_panels(given: Callable[..., list[Any]], view: Any) -> list[Any]:
    """What one sets of one's own account.

    A picture of oneself would be opened by the worker, past the cleaning and the virus scanner. And
    Wagtail's form for another password would let whoever sits at an open window guess the old one.
    """
    panels = [panel for panel in given(view) if not isinstance(panel, AvatarSettingsPanel)]
    for panel in panels:
        if isinstance(panel, ChangePasswordPanel):
            panel.form_class = OwnPasswordForm
    return panels


def _note_refusal(name: str | None, fault: ValidationError) -> None:
    note_refusal(CMS_DOOR, name, "brake" if fault.code == _BRAKED else "")


def _who(request: HttpRequest, name: str) -> tuple[str, str, str]:
    return name, login_address(request), cms_browsers.device(request, name)


class CmsLoginView(LoginView):
    """The first step: the password, or a passkey in place of both steps."""

    def form_valid(self, form: CmsLoginForm) -> HttpResponse:
        return password_was_right(self.request, form.get_user(), self.get_success_url())

    def form_invalid(self, form: CmsLoginForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, _BRAKED):
            response.status_code = 429
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"works_at": works_at(self.request)}


class CmsLogoutView(LogoutView):
    """Asks whoever comes by a link; Wagtail's would only take the cookie and let the session live.

    The browser forgets what it has kept of the CMS.
    """

    http_method_names = ["get", "post", "options"]

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "POST":
            return super().dispatch(request, *args, **kwargs)
        return super(LogoutView, self).dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect("wagtailadmin_login")
        return render(request, "sapo_site/login/log_out.html")

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
