"""Puts right what a crash left behind, so that files and database tell the same story."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from tips.keeping.folders import locked
from tips.keeping.sealed_files import BODY, HEAD
from tips.keeping.vault import Vault
from tips.models import Tip, Tombstone
from tips.router import DATABASE
from tips.sealing import age

from . import alarm, steps

# Every sealed file is read once a day: each round reads those of the tips whose turn it is.
ROUND_SECONDS = 5 * 60
ROUNDS = 24 * 60 * 60 // ROUND_SECONDS


@dataclass(frozen=True)
class TipFault:
    """A fault that only people can put right, and the tip that has it."""

    kind: str
    tip_id: UUID | None = None


@dataclass
class Report:
    """What was done, and what only people can put right."""

    swept: int = 0
    purged: int = 0
    adopted: int = 0
    taken_in: int = 0
    faults: list[TipFault] = field(default_factory=list)


def tidy_up(vault: Vault, grace_seconds: float) -> Report:
    """Does one round. A folder that somebody still works on is locked, and left alone."""
    report = Report()
    # A second janitor waits: else each would stumble over what the other has just removed.
    with locked(vault.root.resolve()):
        with _apart(report, "half"):
            report.swept = vault.sweep(grace_seconds)
        _finish_purges(vault, report)
        _adopt_orphans(vault, report)
        report.taken_in = steps.take_in_new()
        with _apart(report, "unreadable"):
            alarm.calm_the_read(vault)
        _look_for_what_is_missing(vault, report)
    return report


def is_as_received(tip: Tip, digest: Callable[[UUID], bytes]) -> bool:
    """Whether the tip's files, read by `digest`, are those that were received."""
    try:
        return digest(tip.pk) == bytes(tip.files_digest)
    except (OSError, age.AgeError):
        return False


def is_due(tip_id: UUID, now: float) -> bool:
    """Whether the present round reads all files of the tip."""
    return tip_id.int % ROUNDS == int(now) // ROUND_SECONDS % ROUNDS


@contextmanager
def _apart(report: Report, kind: str, tip_id: UUID | None = None) -> Iterator[None]:
    """Reports a bad folder, so that the round goes on with the others."""
    try:
        yield
    except (OSError, age.AgeError):
        report.faults.append(TipFault(kind, tip_id))


def _finish_purges(vault: Vault, report: Report) -> None:
    """A purge deletes the files last: a crash in between leaves them without a row."""
    # A folder with a row is no remnant: the tip has come again since.
    for tip_id in _in_database(Tombstone).intersection(vault.tips()) - _in_database(Tip):
        with _apart(report, "unreadable", tip_id):
            vault.remove(tip_id)
            report.purged += 1


def _adopt_orphans(vault: Vault, report: Report) -> None:
    """Takes in whole tips without a row: their sender was cut off before the answer."""
    for tip_id in set(vault.tips()) - _in_database(Tip):
        with _apart(report, "unreadable", tip_id):
            with vault.held(tip_id) as is_there:
                pass  # whoever was bringing it in is done by now
            if not is_there or _is_known(tip_id):
                continue
            if steps.adopt(tip_id):
                report.adopted += 1
            elif vault.folder(tip_id).is_dir() and not _is_known(tip_id):
                report.faults.append(TipFault("orphan", tip_id))


def _look_for_what_is_missing(vault: Vault, report: Report) -> None:
    for tip in Tip.objects.using(DATABASE).only("pk", "files_digest").order_by("pk"):
        with _apart(report, "unreadable", tip.pk):
            kind = _what_is_missing(vault, tip)
            # A tip purged in the meantime is no fault.
            if kind and Tip.objects.using(DATABASE).filter(pk=tip.pk).exists():
                report.faults.append(TipFault(kind, tip.pk))


def _what_is_missing(vault: Vault, tip: Tip) -> str:
    if not vault.folder(tip.pk).exists():
        return "no_folder"
    is_whole = {HEAD, BODY} <= {file.name for file in vault.files(tip.pk)}
    if is_whole and is_due(tip.pk, time.time()):
        is_whole = is_as_received(tip, vault.digest)
    return "" if is_whole else "changed"


def _is_known(tip_id: UUID) -> bool:
    return any(
        model._default_manager.using(DATABASE).filter(pk=tip_id).exists()
        for model in (Tip, Tombstone)
    )


def _in_database(model: type[Tip] | type[Tombstone]) -> set[UUID]:
    return set(model._default_manager.using(DATABASE).values_list("pk", flat=True))
