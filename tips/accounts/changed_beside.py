"""What others than the desk's service have written among accounts and logins; an operator may let it count."""

from collections.abc import Iterator

from django.db import transaction

from tips.models import DeskSession, Handler
from tips.router import DATABASE

from . import factors, row_seals


def changed_accounts() -> list[Handler]:
    """Those whose row or factors nobody comes in with; also closed ones."""
    found = Handler.objects.order_by("username")
    return [each for each in found if not factors.is_whole_account(each)]


def changed_logins() -> Iterator[DeskSession]:
    found = DeskSession.objects.select_related("handler").order_by("handler__username")
    return (each for each in found if not row_seals.is_whole(each))


def seal_account(username: str) -> None:
    """Lets the account and its factors count as they stand, whoever wrote them; its logins end."""
    with transaction.atomic(using=DATABASE):
        now = Handler.objects.select_for_update().get(username=username)
        now.factors_digest = row_seals.digest_of_factors(now.authenticators.all())
        row_seals.seal_row(now)
        now.save(update_fields=["factors_digest", "seal"])
        now.sessions.all().delete()
