"""Where visitors are served uploads from: it holds those that are public, and no others.

Every upload is stored in the default storage, which nothing serves to visitors. What becomes public is
taken into this one under the same name, and dropped again. nginx reads it without asking us.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, default_storage, storages


class PublicFolder(FileSystemStorage):
    """A folder of hard links into the folder of uploads: a film takes its place only once."""

    def take(self, name: str) -> None:
        """Lets visitors fetch the upload of this name; nothing happens if there is none."""
        source, here = Path(default_storage.path(name)), Path(self.path(name))
        here.parent.mkdir(parents=True, exist_ok=True)
        beside = here.with_name(f".{secrets.token_hex(8)}")
        try:
            with suppress(FileNotFoundError):
                _link(source, beside)
                beside.replace(here)
        finally:
            beside.unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """The names of all that visitors can fetch."""
        for folder, _folders, files in os.walk(self.location):
            for file in files:
                yield (Path(folder) / file).relative_to(self.location).as_posix()


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # on another disk, or mounted apart
        shutil.copyfile(source, target)


def public_storage() -> Any:
    return storages["public"]


def is_served(name: str) -> bool:
    """Whether visitors can fetch the upload of this name."""
    return bool(name) and public_storage().exists(name)
