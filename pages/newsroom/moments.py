"""Moments as one says them, in the time of the CMS's readers."""

from datetime import date, datetime, timedelta

from django.utils.formats import date_format, time_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext


def clock(at: datetime) -> str:
    """14.05"""
    return time_format(localtime(at), "H.i")


def weekday_of(at: datetime) -> str:
    """fredag 27 november"""
    local = localtime(at)
    return date_format(local, "l j F" if local.year == localdate().year else "l j F Y")


def date_in_words(at: date) -> str:
    """27 november, of a day or a moment"""
    day = localdate(at) if isinstance(at, datetime) else at
    return date_format(day, "j F" if day.year == localdate().year else "j F Y")


def since(at: datetime) -> str:
    """i dag 13.02, or 23 november 13.02"""
    return f"{_lately(at) or date_in_words(at)} {clock(at)}"


def moment_of(at: datetime) -> str:
    """i dag kl. 13.02, måndag kl. 13.02, or 23 november kl. 13.02"""
    day = _lately(at)
    if not day and timedelta(0) < localdate() - localdate(at) < timedelta(days=7):
        day = date_format(localtime(at), "l")
    return f"{day or date_in_words(at)} {at_clock(at)}"


def at_clock(at: datetime) -> str:
    """kl. 13.02"""
    return gettext("%(time)s o'clock") % {"time": clock(at)}


def _lately(at: datetime) -> str:
    today, day = localdate(), localdate(at)
    if day == today:
        return gettext("today")
    return gettext("yesterday") if day == today - timedelta(days=1) else ""
