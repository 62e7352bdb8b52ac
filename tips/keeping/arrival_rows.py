"""The rows of arrivals, as the intake enters them: it may add to them and read none."""

from django.db import IntegrityError, transaction

from tips.models import Arrival
from tips.router import DATABASE
from tips.sealing.arrivals import OF_NO_TIP, SignedArrival, read_arrival


class NumberTaken(Exception):
    """Somebody else has entered this number."""


def enter_number(signed: SignedArrival) -> None:
    """Enters the number; NumberTaken where somebody has done so before."""
    try:
        with transaction.atomic(using=DATABASE):
            Arrival.objects.using(DATABASE).bulk_create([_row(signed)])
    except IntegrityError:
        raise NumberTaken from None


def is_number_taken(epoch: str, counter: int) -> bool:
    """Whether the number is in the database, asked by one who may only add to it."""
    row = Arrival(epoch=epoch, counter=counter, message=b"", ed25519=b"", mldsa65=b"")
    try:
        with transaction.atomic(using=DATABASE):
            Arrival.objects.using(DATABASE).bulk_create([row])
            transaction.set_rollback(True, using=DATABASE)
    except IntegrityError:
        return True
    return False


def _row(signed: SignedArrival) -> Arrival:
    arrival = read_arrival(signed.message)
    return Arrival(
        epoch=arrival.epoch,
        counter=arrival.counter,
        tip_id=arrival.tip if arrival.tip != OF_NO_TIP else None,
        message=signed.message,
        ed25519=signed.signature.ed25519,
        mldsa65=signed.signature.mldsa65,
    )
