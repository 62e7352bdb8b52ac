"""Who handles tips: those who stand in the keyring and have an open account. Accounts alone count for nothing."""

import re
from collections.abc import Iterator

from tips.accounts.row_seals import is_whole
from tips.keeping.present_keyring import signed_now
from tips.models import Handler
from tips.sealing.keyring import KeyringError


def is_handler(username: str) -> bool:
    """Whether one of this name takes steps."""
    return bool(entry_ids_of(username)) and any(_may_come_in(username=username))


def all_handlers() -> list[Handler]:
    """All who take steps, by name."""
    found = (each for each in _may_come_in() if entry_ids_of(each.username))
    return sorted(found, key=lambda handler: handler.name.casefold())


def entry_ids_of(username: str) -> frozenset[str]:
    """The ids of the keyring's entries that are this account's; none without a keyring that is signed.

    Also of one that is out of date: who handles tips is the same the day after.
    """
    try:
        entries = signed_now().entries
    except KeyringError:
        return frozenset()
    return frozenset(
        each.id for each in entries if each.kind == "handler" and is_account_of(username, each.id)
    )


def is_account_of(account: str, entry: str) -> bool:
    """Whether the entry is of who has the account: after a lost key, with a number behind.

    Ids hold no dots and no low lines, as accounts may. The browser's half is `isAccountOf`.
    """
    plain = re.sub(r"[._]", "-", account)
    return plain in (entry, re.sub(r"-[0-9]+$", "", entry))


def are_two(one: str, other: str) -> bool:
    """Whether both take steps, by different entries of the keyring: what no person does alone takes two."""
    both = is_handler(one) and is_handler(other)
    return both and entry_ids_of(one).isdisjoint(entry_ids_of(other))


def _may_come_in(**who: str) -> Iterator[Handler]:
    return filter(is_whole, Handler.objects.filter(is_locked=False, closed_on=None, **who))
