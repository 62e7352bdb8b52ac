"""Slows down whoever guesses passwords, and tells nobody who has tried.

The attempts lie in a database, so all processes of a service count together. A name and a network
are stored as keyed hashes, until somebody tries after they no longer count.
"""

import ipaddress
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tips.models import LoginAttempt

WINDOW = timedelta(minutes=15)
# Who guesses a name from elsewhere does not lock out the one whose name it is.
PER_NAME_AND_NETWORK = 5
# Against a name that is guessed from many networks.
PER_NAME = 100
# Against many names that are guessed from one network.
PER_NETWORK, NETWORK_WINDOW = 30, timedelta(minutes=1)


class Brake:
    """Counts the attempts at one door: each door has a table of its own."""

    def __init__(
        self, attempts: type[LoginAttempt], clock: Callable[[], datetime] = timezone.now
    ) -> None:
        self._attempts = attempts._default_manager
        self._clock = clock

    def lets_through(self, name: str, address: str) -> bool:
        """Whether the password may be tried. The attempt counts at once, so none slips past."""
        now = self._clock()
        self._attempts.filter(at__lte=now - WINDOW).delete()
        who = self._digests(name, address)
        attempt = self._attempts.create(at=now, **who)
        is_name, is_network = Q(name=who["name"]), Q(network=who["network"])
        counted = self._attempts.aggregate(
            of_both=Count("pk", filter=is_name & is_network),
            of_name=Count("pk", filter=is_name),
            of_network=Count("pk", filter=is_network & Q(at__gt=now - NETWORK_WINDOW)),
        )
        is_let_through = (
            counted["of_both"] <= PER_NAME_AND_NETWORK
            and counted["of_name"] <= PER_NAME
            and counted["of_network"] <= PER_NETWORK
        )
        if not is_let_through:
            attempt.delete()  # to go on trying does not make the wait longer
        return is_let_through

    def was_right(self, name: str, address: str) -> None:
        """Forgets this attempt and those before it from the same network: the password was right."""
        self._attempts.filter(**self._digests(name, address)).delete()

    def _digests(self, name: str, address: str) -> dict[str, str]:
        same = unicodedata.normalize("NFKC", name).casefold().strip()
        return {"name": _digest(same), "network": _digest(_network(address))}


def _digest(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()
    return salted_hmac("tips.login.brake", text, algorithm="sha256").hexdigest()


def _network(address: str) -> str:
    """An IPv4 address; of an IPv6 address, the network that a home or an office has."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 56), strict=False))
    return str(found)
