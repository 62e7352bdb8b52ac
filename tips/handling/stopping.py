"""Stops as they lie in the database: who is stopped today, and how a stop is laid.

A row lets nobody be stopped: what counts is who has signed it. Its key is who that is, so that a signer, or a pair
of handlers, has one that stands, and a handler one that waits.
"""

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from tips.keeping.present_keyring import trusted_now
from tips.models import DeskSession, LaidStop
from tips.refusals import Refusal, Refusing
from tips.router import DATABASE
from tips.sealing import stops
from tips.sealing.stops import LAID_WITHIN, SignedStop
from tips.sealing.trust import TrustError
from tips.sealing.trust_folder import Trusted


class StopRefused(Refusing, ValueError):
    """The stop cannot be laid, and changes nothing."""


def stops_now() -> list[SignedStop]:
    """Those that stand today, or wait for a second handler, under the keyring that holds: no others count."""
    trusted, today = trusted_now(), localdate()
    rows = LaidStop.objects.using(DATABASE).order_by("by")
    read = (_read(bytes(row.text), bytes(row.signatures), trusted) for row in rows)
    laid = [each for each in read if each and each.is_of_now(today)]
    stopped = {each.text.handler for each in laid if each.is_whole}
    # Nothing waits any more of, or by, somebody who is stopped.
    return [
        each for each in laid if each.is_whole or stopped.isdisjoint({each.text.handler, *each.by})
    ]


def stopped_now() -> set[str]:
    """The ids of the handlers who are stopped."""
    return {each.text.handler for each in stops_now() if each.is_whole}


def lay_stop(octets: bytes, file: bytes) -> SignedStop:
    """Lays a stop that enough have signed."""
    new = _fit(octets, file)
    if not new.is_whole:
        raise StopRefused(Refusal.STOP_UNFIT)
    _keep(new)
    return new


def sign_stop(octets: bytes, file: bytes, handler: str) -> SignedStop:
    """Lays this handler's half of a stop, which takes the place of the half before; with a second it stands."""
    new = _fit(octets, file)
    if (new.kind, new.by) != ("step", (handler,)):
        raise StopRefused(Refusal.STOP_UNFIT)
    for other in stops_now():
        if other.text == new.text and not other.is_whole and other.by != new.by:
            trusted = trusted_now()
            new = stops.joined(other, new, trusted.ring, trusted.signers)
            break
    _keep(new)
    return new


def _fit(octets: bytes, file: bytes) -> SignedStop:
    trusted = trusted_now()
    try:
        new = stops.signed_stop(octets, file, trusted.ring, trusted.signers)
    except TrustError as fault:
        is_old = fault.code == "link"
        raise StopRefused(Refusal.KEYRING_CHANGED if is_old else Refusal.STOP_UNFIT) from None
    if abs(localdate() - new.text.made_on) > LAID_WITHIN:
        raise StopRefused(Refusal.STOP_DAY)
    stopped = stopped_now()
    if new.text.handler in stopped:
        raise StopRefused(Refusal.STOP_STANDS)
    if not stopped.isdisjoint(new.by):
        raise StopRefused(Refusal.STOP_UNFIT)
    return new


def _keep(new: SignedStop) -> None:
    """Keeps it, and forgets what has lapsed and the half before of whoever signs."""
    rows = LaidStop.objects.using(DATABASE)
    # Read before what still counts: a stop that is laid meanwhile is in neither, and stays.
    there = set(rows.values_list("by", flat=True))
    others = [each for each in stops_now() if each.is_whole or set(each.by).isdisjoint(new.by)]
    try:
        with transaction.atomic(using=DATABASE):
            rows.filter(by__in=there - {_row_key(each) for each in others}).delete()
            rows.create(by=_row_key(new), text=new.text.octets, signatures=new.file)
            if new.is_whole:
                DeskSession.objects.using(DATABASE).filter(handler=new.text.handler).delete()
    except IntegrityError:
        raise StopRefused(Refusal.STOP_ONE) from None


def _row_key(stop: SignedStop) -> str:
    return f"{stop.kind} {' '.join(stop.by)}"


def _read(text: bytes, signatures: bytes, trusted: Trusted) -> SignedStop | None:
    try:
        return stops.signed_stop(text, signatures, trusted.ring, trusted.signers)
    except TrustError:
        return None
