"""Who reads which tip now. It stands with the sessions, in no log, and goes with them."""

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from tips.models import DeskSession

from . import sessions

# An open desk says it every half minute; in a tab behind others, every minute.
_LASTS = timedelta(minutes=2)


def now_reads(request: HttpRequest, tip_id: UUID | None) -> None:
    """Takes what the browser shows; None: no tip."""
    _handler, session = sessions.session_of(request, keeps_awake=False)
    if tip_id or session.reads:
        row = DeskSession.objects.filter(pk=session.pk)
        row.update(reads=tip_id, reads_at=timezone.now())


def other_readers(handler: str) -> dict[str, list[str]]:
    """By the tips that somebody else than this handler reads: who."""
    fresh = DeskSession.objects.filter(reads_at__gt=timezone.now() - _LASTS)
    others = fresh.exclude(reads=None).exclude(handler=handler).order_by("handler")
    found: dict[str, list[str]] = defaultdict(list)
    for tip_id, reader in others.values_list("reads", "handler").distinct():
        found[str(tip_id)].append(reader)
    return dict(found)
