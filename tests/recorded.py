"""Records of what readers were sent, in the folders of the settings, as tests of the CMS need them."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from pages.records.kept import Records, Rendering

from .records import Was, keep_all

__all__ = ["Was", "keep", "use_own_records"]


def use_own_records(settings: Any, folder: Path) -> None:
    """From now on the records, their spool and the exports lie in a folder of the test."""
    settings.RECORDS_ROOT, settings.RECORDS_SPOOL = folder / "records", folder / "spool"
    settings.EXPORTS_DIR = folder / "exports"


def keep(*all_that_was: Was, unmet: Sequence[str] = ()) -> list[Rendering]:
    """Files all, by the hour; what is not told of at an hour stayed, but for what nobody met."""
    since = attrgetter("since")
    for moment, rows in groupby(sorted(all_that_was, key=since), key=since):
        keep_all(Records(), moment, list(rows), unmet=unmet)
    found = [Records().at(each.address, each.since) for each in all_that_was]
    return [each for each in found if each]
