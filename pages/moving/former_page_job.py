"""What the child does with a page of another website: reads it without its frame. Knows no database."""

from functools import partial
from pathlib import Path
from typing import Any

from pages.importing.read import read_article
from pages.importing.reading_job import answer_with

from .site_frame import without_frame


def read_without_frame(path: str, topics: list[str], **said: Any) -> dict[str, object]:
    """The article in the file, or why there is none. `topics`: the names of the topics there are."""
    return answer_with(
        lambda: read_article(Path(path), frame=partial(without_frame, topics=topics)), **said
    )
