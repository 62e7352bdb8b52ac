"""Tells handlers that there are unread tips: at fixed times only, never how many or since when."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import CommandError
from django.utils.timezone import localtime

from tips.handling.stopping import stops_now
from tips.keeping.present_keyring import trusted_now
from tips.management.console import TipsCommand
from tips.models import State, Tip
from tips.router import DATABASE
from tips.sealing.keyring import GRACE, KeyringError, is_over, is_told_of

SLOTS = (time(8), time(13), time(17))
ON_EITHER_SIDE = timedelta(minutes=20)
SUBJECT = "Det finns olästa tips"
TEXT = "Det finns olästa tips.\n"
STOP_SUBJECT = "Ett stopp går snart ut"
KEYRING_SUBJECT, KEYRING_OVER = "Nyckelringen går snart ut", "Nyckelringen har gått ut"


class Command(TipsCommand):
    help = (
        "Mejlar ”Det finns olästa tips” till adresserna i SAPO_TIPS_NOTICE_TO, om\n"
        "något tips är oläst. Bara klockan 8, 13 och 17 (20 minuter före till\n"
        "20 minuter efter), en gång varje tid; annars händer ingenting. Inget\n"
        "sägs om hur många de är, när de kom eller vad de gäller. Klockan 8 mejlas det\n"
        "också 60, 30, 14 och 7 dagar innan nyckelringen går ut, sedan varje dag tills\n"
        "nästa gäller, och de tre sista dagarna av ett stopp. Kör den ofta, till exempel\n"
        "var tionde minut."
    )
    example = "tips_notice"

    def handle(self, *args: object, **options: object) -> None:
        slot = slot_at(localtime())
        if slot is None:
            self.stdout.write("Det är inte dags: mejl går bara klockan 8, 13 och 17.")
            return
        with _taken(slot) as is_first:
            if not is_first:
                self.stdout.write("Den här tiden är redan använd.")
                return
            if slot.hour == SLOTS[0].hour:
                _warn_of_keyring(slot.date())
                _warn_of_stops(slot.date())
            self.stdout.write(_notify())


def slot_at(now: datetime) -> datetime | None:
    """The fixed time that is near enough, on the clock in Stockholm."""
    for slot in SLOTS:
        at = now.replace(hour=slot.hour, minute=slot.minute, second=0, microsecond=0)
        if abs(now - at) <= ON_EITHER_SIDE:
            return at
    return None


@contextmanager
def _taken(slot: datetime) -> Iterator[bool]:
    """Uses the slot up, even if there is nothing to say: a later run would tell when a tip came.

    If the mail cannot be sent, the slot is not used up.
    """
    path = Path(settings.TIPS_DIR) / "notice-slot"
    path.parent.mkdir(mode=0o770, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    with os.fdopen(descriptor, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        stamp = f"{slot:%Y-%m-%d %H}\n"
        is_first = file.read() != stamp
        yield is_first
        if is_first:
            file.seek(0)
            file.truncate()
            file.write(stamp)


def _warn_of_keyring(today: date) -> None:
    """Says in time that the keyring will be out of date; every morning when there is little time."""
    try:
        ring = trusted_now().ring
    except KeyringError:
        return
    if is_told_of(ring, today):
        text = (
            f"Nyckelringen gäller till och med {ring.not_after}. Tipsformuläret tar emot tips till\n"
            f"och med {ring.not_after + GRACE}. Sedan är det stängt, och i tipsmottagningen går tips att\n"
            "läsa men inget att försegla. Säg till en av undertecknarna att det är dags för nästa.\n"
        )
        subject = KEYRING_OVER if is_over(ring, today) else KEYRING_SUBJECT
        _send(subject, text)


def _warn_of_stops(today: date) -> None:
    """Says on each of its last three days that a stop lapses."""
    try:
        told = [each.text for each in stops_now() if each.is_whole and each.text.is_told_of(today)]
    except KeyringError:
        return
    for stop in told:
        _send(
            STOP_SUBJECT,
            f"{stop.handler} är stoppad till och med {stop.last_day}. Sedan kommer nyckeln in igen, om\n"
            "den inte har tagits bort ur nyckelringen. Säg till en av undertecknarna.\n",
        )


def _send(subject: str, text: str) -> None:
    try:
        with get_connection() as connection:
            for address in settings.TIPS_NOTICE_TO:
                EmailMessage(subject, text, to=[address], connection=connection).send()
    except (OSError, SMTPException):
        raise CommandError("Mejlet kunde inte skickas: e-postservern svarar inte.") from None


def _notify() -> str:
    if not Tip.objects.using(DATABASE).filter(state=State.RECEIVED).exists():
        return "Alla tips är lästa. Inget mejl."
    if not settings.TIPS_NOTICE_TO:
        raise CommandError(
            "Det finns olästa tips, men SAPO_TIPS_NOTICE_TO säger inte vem som ska veta det."
        )
    _send(SUBJECT, TEXT)
    return f"Mejl skickat till {len(settings.TIPS_NOTICE_TO)} adresser."
