"""Logging in to the CMS and out of it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm
from wagtail.admin.views.account import LoginView, LogoutView

from tips.handling.handlers import TIPS_GROUP
from tips.login.brake import Brake
from tips.login.journal import note_login, note_refusal

from .models import CmsAttempt

_brake = Brake(CmsAttempt)
_DOOR = "CMS"
_BRAKED = "braked"


class CmsLoginForm(LoginForm):
    """Wagtail's login form, with a brake, and fields that password managers know.

    Whoever may not come in is answered as if the password were wrong.
    """

    error_messages = {
        **LoginForm.error_messages,
        _BRAKED: _("Too many attempts. Wait a quarter of an hour and try again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        # "Remember me" would let a session outlast the browser, and its end.
        del self.fields["remember"]
        for name, autocomplete in (("username", "username"), ("password", "current-password")):
            attributes = self.fields[name].widget.attrs
            attributes["autocomplete"] = autocomplete
            # The label says the same, and is not cut off in a small window.
            del attributes["placeholder"]

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username")
        if not name or not self.cleaned_data.get("password"):
            return super().clean()
        try:
            if not _brake.lets_through(name, self._address()):
                raise ValidationError(self.error_messages[_BRAKED], code=_BRAKED)
            return super().clean()
        except ValidationError:
            is_known = get_user_model()._default_manager.filter(username=name).exists()
            note_refusal(_DOOR, name if is_known else None)
            raise

    def confirm_login_allowed(self, user: AbstractUser) -> None:
        super().confirm_login_allowed(user)
        if not user.has_perm("wagtailadmin.access_admin"):
            raise self.get_invalid_login_error()
        _brake.was_right(self.cleaned_data["username"], self._address())
        note_login(_DOOR, user.get_username())

    def _address(self) -> str:
        return self.request.META.get(settings.LOGIN_ADDRESS_HEADER, "") if self.request else ""


class CmsLoginView(LoginView):
    def form_invalid(self, form: CmsLoginForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, _BRAKED):
            response.status_code = 429
        return response


class CmsLogoutView(LogoutView):
    """Ends the session also for one who comes by a link, where Wagtail only hides it.

    The browser forgets what it has kept of the CMS.
    """

    http_method_names = ["get", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.post(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class CmsPasswordResetForm(PasswordResetForm):
    """Mails no new password to one who handles tips: who reads the mail could then come in."""

    def get_users(self, email: str) -> Iterator[AbstractUser]:
        for user in super().get_users(email):
            if not user.groups.filter(name=TIPS_GROUP).exists():
                yield user
