"""What the child does with a file that is to become an article. Knows no database."""

from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils import translation

from .carried import packed
from .documents import RefusedError
from .read import read_article
from .sniff import bytes_of, picture_in


def read_and_tell(path: str, topics: list[str], **said: Any) -> dict[str, object]:
    """The article in the file, or why there is none."""
    return _told(lambda: read_article(Path(path), topics=topics), **said)


def read_picture_and_tell(path: str, **said: Any) -> dict[str, object]:
    """The picture in the file; nothing, if that is none."""
    return _told(lambda: picture_in(bytes_of(Path(path))), **said)


def _told(read: Any, *, language: str, **of_settings: Any) -> dict[str, Any]:
    settings.configure(USE_I18N=True, LANGUAGE_CODE=language, **of_settings)
    django.setup()
    kept: list[Path] = []

    def keep(content: bytes) -> int:
        kept.append(Path("made", str(len(kept))))
        kept[-1].write_bytes(content)
        return len(kept) - 1

    with translation.override(language):
        try:
            return {"read": packed(read(), keep)}
        except RefusedError as error:
            return {"refused": str(error)}
