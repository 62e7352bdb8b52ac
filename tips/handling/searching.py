"""Who has searched through the whole texts of the queue: one event a day, whatever number of tips."""

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import localdate

from tips.models import Event
from tips.router import DATABASE

from . import events

# A search that is begun before midnight goes on after it.
_GOES_ON_FOR = timedelta(days=1)


def note_search(actor: str) -> None:
    with transaction.atomic(using=DATABASE):
        if not _searches_of(actor, days=timedelta(0)):
            events.append_of_queue("searched", on=localdate(), actor=actor)


def is_searching(actor: str) -> bool:
    """Whether the log says that this handler searches."""
    return _searches_of(actor, days=_GOES_ON_FOR)


def _searches_of(actor: str, *, days: timedelta) -> bool:
    noted = Event.objects.using(DATABASE).filter(verb="searched", actor=actor)
    return noted.filter(on__gte=localdate() - days).exists()
