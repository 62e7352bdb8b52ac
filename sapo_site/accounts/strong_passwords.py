"""Lets Django and Wagtail ask what the CMS demands of a password."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError

from sapo_site.accounts.passwords import password_fault, what_makes_a_good_one


class PasswordRules:
    """The rules of `sapo_site.accounts.passwords`, which know who the person is."""

    def validate(self, password: str, user: AbstractUser | None = None) -> None:
        if fault := password_fault(password, _names_of(user) if user else []):
            raise ValidationError(fault, code="password_easy_to_guess")

    def get_help_text(self) -> str:
        return what_makes_a_good_one()


def _names_of(user: AbstractUser) -> list[str]:
    return [user.username, user.first_name, user.last_name, user.email]
