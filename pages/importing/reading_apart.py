"""Reads a file that is to become an article in a process of its own, bounded in time and memory."""

import tempfile
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pages.library.apart.parent import Bounds, ask_child, copy_to, told_wrongly
from pages.library.virus_scanner import NotClearedError, clear_of_viruses

from .carried import unpacked
from .documents import ImportedArticle, RefusedError
from .sniff import small_enough

_JOB = "pages.importing.reading_job"
# All of its pictures.
_BOUNDS = Bounds(most_written=256 * 1024 * 1024)


def article_in_file(
    path: Path, *, job: str = f"{_JOB}:read_and_tell", **given: object
) -> ImportedArticle:
    """The article that a file holds, as `read_article` has it. Raises RefusedError.

    `job`: another one that does so, and what it is given.
    """
    article = _read_apart(path, job, **given)
    if not isinstance(article, ImportedArticle):
        raise _takes_too_much(path)
    return article


def article_in_upload(file: Any) -> ImportedArticle:
    """The article that an uploaded file holds, which lies in a folder of its own meanwhile.

    Raises RefusedError.
    """
    name = PurePath(file.name)
    with tempfile.TemporaryDirectory(
        prefix="imported-", dir=settings.FILE_UPLOAD_TEMP_DIR
    ) as folder:
        path = Path(folder, f"{name.stem[:50]}{name.suffix[:20]}")
        copy_to(path, file)
        return article_in_file(path)


def _read_apart(path: Path, job: str, **given: object) -> Any:
    with tempfile.TemporaryDirectory(
        prefix="importing-", dir=settings.FILE_UPLOAD_TEMP_DIR
    ) as folder:
        with small_enough(path) as file:
            _clear(path)
            copy_to(Path(folder, path.name), file)
        given |= {
            "path": path.name,
            "language": get_language(),
            "LOCALE_PATHS": [str(each) for each in settings.LOCALE_PATHS],
            "WAGTAILIMAGES_EXTENSIONS": settings.WAGTAILIMAGES_EXTENSIONS,
        }
        told = ask_child(job, given, Path(folder), _BOUNDS, path.parent)
        with told_wrongly(_takes_too_much(path)):
            if "refused" in told:
                raise RefusedError(str(told["refused"]))
            return unpacked(
                told["read"], lambda number: Path(folder, "made", str(number)).read_bytes()
            )


def _clear(path: Path) -> None:
    try:
        clear_of_viruses(path, path.name)
    except NotClearedError as error:
        raise RefusedError(error.messages[0]) from error


def _takes_too_much(path: Path) -> RefusedError:
    return RefusedError(
        _("The file %(name)s cannot be read: it takes too much time or memory.")
        % {"name": path.name}
    )
