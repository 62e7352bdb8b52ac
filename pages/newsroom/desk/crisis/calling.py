"""Whom to call, as chief editors keep the numbers."""

from pages.newsroom.models import CallNumber


def general_numbers() -> list[CallNumber]:
    """Numbers that belong to nobody, such as that of who is on duty."""
    return list(CallNumber.objects.filter(account=None))


def numbers_of_accounts() -> dict[int | None, str]:
    """The key of an account -> the number of its person."""
    kept = CallNumber.objects.filter(account__isnull=False)
    return dict(kept.values_list("account", "phone"))
