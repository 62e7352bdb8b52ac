"""Puts right what a crash left behind, so that files and database tell the same story."""

import fcntl
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from hashlib import file_digest
from uuid import UUID

from . import age, exchange
from .desk import steps
from .models import Tip, Tombstone
from .reference import reference_of
from .router import DATABASE
from .vault import BODY, HEAD, Vault


@dataclass
class Report:
    """What was done, and what only people can put right."""

    swept: int = 0
    restored: int = 0
    dropped: int = 0
    purged: int = 0
    adopted: int = 0
    taken_in: int = 0
    faults: list[str] = field(default_factory=list)


def tidy(vault: Vault, grace_seconds: float) -> Report:
    """One round. Whatever is still being worked on is held by somebody, and left alone."""
    report = Report()
    with _alone(vault):
        report.swept = vault.sweep(grace_seconds)
        _settle_the_undecided(vault, report)
        _finish_purges(vault, report)
        _adopt_orphans(vault, report)
        report.taken_in = steps.take_in()
        _look_for_what_is_missing(vault, report)
        exchange.write_counts(_tips_per_day())
    return report


def body_digest_of(vault: Vault, tip_id: UUID) -> bytes:
    """SHA-256 of the sealed body behind its header, which may have been wrapped anew."""
    with vault.open(tip_id, BODY) as file:
        age.split_header(file)
        return file_digest(file, "sha256").digest()


@contextmanager
def _alone(vault: Vault) -> Iterator[None]:
    """A second janitor waits: each would find gone what the other has just seen to."""
    try:
        folder = os.open(vault.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:  # no tip has ever come
        yield
        return
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _settle_the_undecided(vault: Vault, report: Report) -> None:
    """Tips of which it was not known whether the database had taken them."""
    for tip_id in vault.undecided():
        if Tip.objects.using(DATABASE).filter(pk=tip_id).exists():
            vault.restore(tip_id)
            report.restored += 1
        else:
            vault.drop(tip_id)
            report.dropped += 1


def _finish_purges(vault: Vault, report: Report) -> None:
    """A purge deletes the files last: a crash in between leaves them without a row."""
    # A folder that has its row is no remnant: the tip has come again since.
    for tip_id in _in_database(Tombstone).intersection(vault.tips()) - _in_database(Tip):
        vault.remove(tip_id)
        report.purged += 1


def _adopt_orphans(vault: Vault, report: Report) -> None:
    """Tips whose sender was cut off before the answer: whole on the disk, and in no row yet."""
    for tip_id in set(vault.tips()) - _in_database(Tip):
        with vault.held(tip_id) as is_there:
            pass  # whoever was bringing it in is done by now
        if not is_there or _is_known(tip_id):
            continue
        if steps.adopt(tip_id):
            report.adopted += 1
        elif vault.folder(tip_id).is_dir() and not _is_known(tip_id):
            report.faults.append(
                f"Tips {_named(tip_id)} är inte helt och har ingen rad i databasen."
            )


def _look_for_what_is_missing(vault: Vault, report: Report) -> None:
    for tip_id in sorted(_in_database(Tip)):
        names = {file.name for file in vault.files(tip_id)}
        if {HEAD, BODY} <= names:
            continue
        # Purged in the meantime: then it shall be gone.
        if Tip.objects.using(DATABASE).filter(pk=tip_id).exists():
            what = "sin mapp" if not vault.folder(tip_id).is_dir() else "filer i sin mapp"
            report.faults.append(f"Tips {_named(tip_id)} saknar {what}: läs in en säkerhetskopia.")


def _tips_per_day() -> Counter[date]:
    """How many came each day; those that have been purged since count too."""
    days: Counter[date] = Counter()
    for model in (Tip, Tombstone):
        days.update(model.objects.using(DATABASE).values_list("received_on", flat=True))
    return days


def _is_known(tip_id: UUID) -> bool:
    return any(
        model._default_manager.using(DATABASE).filter(pk=tip_id).exists()
        for model in (Tip, Tombstone)
    )


def _in_database(model: type[Tip] | type[Tombstone]) -> set[UUID]:
    return set(model._default_manager.using(DATABASE).values_list("pk", flat=True))


def _named(tip_id: UUID) -> str:
    return f"{reference_of(tip_id)} ({tip_id})"
