"""Slows down whoever guesses passwords, and tells nobody who has tried.

The attempts lie in a database, so all processes of a service count together. A name, a network and a
device are stored as keyed hashes, until somebody tries after they no longer count.
"""

import ipaddress
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy

from sapo_site.models import CmsAttempt

WINDOW = timedelta(minutes=15)
BRAKED = gettext_lazy("Too many attempts. Wait a quarter of an hour and try again.")
# Who guesses a name from elsewhere does not lock out the one whose name it is.
PER_NAME_AND_NETWORK = 5
# Against a name that is guessed from many networks.
PER_NAME = 100
# On a browser that has logged in with the name before, whatever others do elsewhere.
PER_DEVICE = 10
# Against many names that are guessed from one network.
PER_NETWORK, NETWORK_WINDOW = 30, timedelta(minutes=1)


class Brake:
    """Counts the attempts to log in to the CMS."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._attempts = CmsAttempt.objects
        self._clock = clock

    def lets_through(self, name: str, address: str, device: str = "") -> bool:
        """Whether the password may be tried. The attempt counts at once, so none slips past.

        A device that is known (`devices`) is counted by itself: no guesses elsewhere are held against
        the person whose it is, and its own against nobody else.
        """
        now = self._clock()
        self._attempts.filter(at__lte=now - WINDOW).delete()
        who = _digests(name, address, device)
        attempt = self._attempts.create(at=now, **who)
        is_let_through = (
            self._attempts.filter(**who).count() <= PER_DEVICE
            if device
            else self._lets_stranger_through(who, now)
        )
        if not is_let_through:
            attempt.delete()  # to go on trying does not make the wait longer
        return is_let_through

    def was_right(self, name: str, address: str, device: str = "") -> None:
        """Forgets this attempt and those before it from the same network or device."""
        self._attempts.filter(**_digests(name, address, device)).delete()

    def _lets_stranger_through(self, who: dict[str, str], now: datetime) -> bool:
        is_name, is_network = Q(name=who["name"]), Q(network=who["network"])
        counted = self._attempts.aggregate(
            of_both=Count("pk", filter=is_name & is_network),
            of_name=Count("pk", filter=is_name),
            of_network=Count("pk", filter=is_network & Q(at__gt=now - NETWORK_WINDOW)),
        )
        return (
            counted["of_both"] <= PER_NAME_AND_NETWORK
            and counted["of_name"] <= PER_NAME
            and counted["of_network"] <= PER_NETWORK
        )


def login_address(request: HttpRequest) -> str:
    """From where somebody logs in, as the server in front of us says."""
    return request.META.get(settings.LOGIN_ADDRESS_HEADER, "")


def same_name(name: str) -> str:
    """One spelling for all ways in which somebody may type a name."""
    same = unicodedata.normalize("NFKC", name).casefold().strip()
    return same.encode("utf-8", "replace").decode()


def _digests(name: str, address: str, device: str) -> dict[str, str]:
    if device:
        of_device = _digest(f"device {device} {same_name(name)}")
        return {"name": of_device, "network": of_device}
    return {"name": _digest(same_name(name)), "network": _digest(_network(address))}


def _digest(text: str) -> str:
    return salted_hmac("sapo_site.accounts.brake", text, algorithm="sha256").hexdigest()


def _network(address: str) -> str:
    """An IPv4 address; of an IPv6 address, the network that a home or an office has."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 56), strict=False))
    return str(found)
