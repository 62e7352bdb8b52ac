"""Who handles tips: the members of one group. Being superuser, or anything else, gives nothing."""

from django.contrib.auth.hashers import check_password, make_password

from tips.models import HandlerAccount

# Membership of this group, and of no other, lets an account in.
TIPS_GROUP = "Tipsmottagare"


def account_of(username: str, password: str) -> HandlerAccount | None:
    """The account with this name and password, if it is a handler's."""
    account = HandlerAccount.objects.filter(username=username).first()
    if account is None:
        make_password(password)  # an unknown name takes as long as a wrong password
        return None
    return account if check_password(password, account.password) else None


def is_handler(username: str) -> bool:
    return HandlerAccount.objects.filter(username=username).exists()


def all_handlers() -> list[HandlerAccount]:
    """All who may come in, by name."""
    return sorted(
        HandlerAccount.objects.all(), key=lambda account: name_of_handler(account).casefold()
    )


def name_of_handler(account: HandlerAccount) -> str:
    full_name = f"{account.first_name} {account.last_name}".strip()
    return full_name or account.get_username()
