"""Who handles tips: those who stand in the keyring and have an open account. Accounts alone count for nothing."""

from collections.abc import Iterator

from tips.accounts.row_seals import is_whole
from tips.keeping.present_keyring import signed_now
from tips.models import Handler
from tips.sealing.keyring import KeyringError


def is_handler(username: str) -> bool:
    """Whether one of this name takes steps."""
    return stands_in_keyring(username) and any(_may_come_in(username=username))


def all_handlers() -> list[Handler]:
    """All who take steps, by name."""
    found = (each for each in _may_come_in() if stands_in_keyring(each.username))
    return sorted(found, key=lambda handler: handler.name.casefold())


def stands_in_keyring(username: str) -> bool:
    """Whether the keyring that is signed has an entry of a handler with this id: one spelling, none alike.

    Also in one that is out of date: who handles tips is the same the day after.
    """
    try:
        entries = signed_now().entries
    except KeyringError:
        return False
    return any(each.id == username and each.kind == "handler" for each in entries)


def are_two(one: str, other: str) -> bool:
    """Whether both take steps, and are not one: what no person does alone takes two."""
    return one != other and is_handler(one) and is_handler(other)


def _may_come_in(**who: str) -> Iterator[Handler]:
    return filter(is_whole, Handler.objects.filter(is_locked=False, closed_on=None, **who))
