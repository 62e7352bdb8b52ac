"""What the child does with a file that is to become an article. Knows no database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils import translation

from .carried import packed
from .documents import ImportedArticle, RefusedError
from .read import read_article


def read_and_tell(path: str, **said: Any) -> dict[str, object]:
    """The article in the file, or why there is none."""
    return answer_with(lambda: read_article(Path(path)), **said)


def answer_with(
    read: Callable[[], ImportedArticle], *, language: str, **of_settings: object
) -> dict[str, object]:
    """What is read, with the settings and the language of who asked."""
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
