"""The date and hour that somebody asks for, in the time of Stockholm, and said again in words."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

_EXACT = "%Y%m%dT%H%M%S.%fZ"
# An hour that is said in whole minutes or seconds means all of the last second: what began in it was there.
_WHOLE_SECOND = timedelta(microseconds=999_999)


class NoSuchMomentError(ValueError):
    """The clock never showed this hour on this day."""


def moment_at(day: date, hour: time) -> datetime:
    """When the clocks of Stockholm show it; the first time, when an hour comes twice."""
    zone = timezone.get_default_timezone()
    local = datetime.combine(day, hour, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchMomentError
    return moment + _WHOLE_SECOND


def comes_twice(moment: datetime) -> bool:
    """Whether the clocks show the same once more, since summer time ends."""
    local = localtime(moment)
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def first_of(day: date) -> datetime:
    """When the day begins in Stockholm."""
    return datetime.combine(day, time(), timezone.get_default_timezone()).astimezone(UTC)


def exact_moment(moment: datetime) -> str:
    """The moment as an address names it."""
    return moment.astimezone(UTC).strftime(_EXACT)


def moment_named(text: str) -> datetime | None:
    """What an address named; None for anything else."""
    try:
        moment = datetime.strptime(text, _EXACT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if 1 < moment.year < 9999 else None  # in Stockholm, too, there is such a moment


def in_words(moment: datetime, *, seconds: bool = True) -> str:
    """3 mars 2027 kl. 13.41.07; which of the two, when the hour came twice."""
    local = localtime(moment)
    said = gettext("%(day)s at %(time)s") % {
        "day": date_format(local, "j F Y"),
        "time": time_format(local, "H.i.s" if seconds or local.second else "H.i"),
    }
    if comes_twice(moment):
        season = gettext("winter time") if local.fold else gettext("summer time")
        said += f" ({season})"
    return said
