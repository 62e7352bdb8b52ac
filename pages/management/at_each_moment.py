"""Lets what two have confirmed a time for start and end in its second, and reminds of what waits."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.db.models import Min
from django.utils import timezone

from pages.content.models import ThreatLevelDecision
from pages.ground.models import ContentVersion
from pages.newsroom.due import next_end, publish_due, remind
from pages.newsroom.stopping import waiting_for_their_time
from pages.search.following import follow_threat_level

logger = logging.getLogger(__name__)

# Whether something has been confirmed, or stopped, since it began to wait.
_LOOKS_EVERY = timedelta(seconds=1)
# What was confirmed in the second of its start may be seen only after that; what fails is tried again
# each minute, and not each second.
_AGAIN_FOR = timedelta(seconds=5)


class WhatHasATime:
    """What starts and ends when, as the database has it."""

    def __init__(self) -> None:
        self._done_until = timezone.now()
        self._minute = timezone.now().minute
        self._version: str | None = None
        self._ahead: datetime | None = None

    def next(self) -> datetime | None:
        """The next moment at which something is to be done; it may have passed a moment ago."""
        version = ContentVersion.current()
        if version != self._version:  # what is public ends, or comes into force, at other times now
            comes = (
                each for each in ThreatLevelDecision.objects.moments() if each > self._done_until
            )
            ahead = (next_end(self._done_until), min(comes, default=None))
            self._version, self._ahead = version, min(filter(None, ahead), default=None)
        waiting = waiting_for_their_time().filter(due_at__gt=self._done_until - _AGAIN_FOR)
        starts = waiting.aggregate(at=Min("due_at"))["at"]
        return min(filter(None, (starts, self._ahead)), default=None)

    def do_what_is_due(self, now: datetime) -> None:
        publish_due(now)
        follow_level_since(self._done_until, now)
        self._done_until, self._version = now, None

    def begins_a_minute(self, now: datetime) -> bool:
        """Whether it is another minute than the last time: then what failed is tried again, and what waits reminded of."""
        before, self._minute = self._minute, now.minute
        return self._minute != before


def follow_level_since(moment: datetime, now: datetime) -> None:
    """Lets the search follow the level, if a decision has come into force since."""
    if any(moment < each <= now for each in ThreatLevelDecision.objects.moments()):
        follow_threat_level()


def publish_at_each_moment(goes_on: Callable[[], bool], moments: WhatHasATime) -> None:
    """Waits for each moment and does what is due, while it is to go on."""
    while goes_on():
        wait = _LOOKS_EVERY
        try:
            now, moment = timezone.now(), moments.next()
            begins = moments.begins_a_minute(now)
            if begins or (moment is not None and moment <= now):
                moments.do_what_is_due(now)
            elif moment is not None:
                wait = min(wait, moment - now)
            if begins:
                remind(now)
            close_old_connections()
        except (DatabaseError, InterfaceError):  # the site says it
            connections.close_all()
        time.sleep(wait.total_seconds())
