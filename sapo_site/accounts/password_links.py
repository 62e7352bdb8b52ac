"""The link by which the owner of an account chooses its password; a command on the server makes it."""

from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

LASTS = timedelta(days=1)


class _LinkTokens(PasswordResetTokenGenerator):
    """Each is valid for a day, and until its account has a new password or has logged in."""

    key_salt = "sapo_site.password_links"

    def check_token(self, user: User | None, token: str | None) -> bool:
        if user is None or not token or not user.is_active or not super().check_token(user, token):
            return False
        made = token.partition("-")[0]
        return self._num_seconds(self._now()) - int(made, 36) <= LASTS.total_seconds()


_tokens = _LinkTokens()


def link_to_new_password(user: User) -> str:
    """Whoever has it can choose the password, once: it is for the owner alone."""
    address = reverse(
        "new_password", args=[urlsafe_base64_encode(force_bytes(user.pk)), _tokens.make_token(user)]
    )
    return urljoin(settings.WAGTAILADMIN_BASE_URL, address)


class NewPasswordView(views.PasswordResetConfirmView):
    template_name = "sapo_site/choose_password.html"
    token_generator = _tokens
    success_url = reverse_lazy("wagtailadmin_login")
    # Django keeps the real one in the session, so that no address with it is left in the browser.
    reset_url_token = "valj"  # noqa: S105

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("You have a new password. Log in with it."))
        return super().form_valid(form)
