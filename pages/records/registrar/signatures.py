"""What an account is called in the records."""

from typing import Any

from wagtail.admin.utils import get_user_display_name


def signature_of(user: Any) -> str:
    """Name and account, since two persons may have one name: Ragnhild Registrator (ragnhild)."""
    name, account = get_user_display_name(user), user.get_username()
    return account if name == account else f"{name} ({account})"
