"""The parts of the search that can be switched off, to see what each of them earns."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


def _nothing(*_args: Any, **_more: Any) -> Any:
    return ()


_NEVER = re.compile(r"(?!)()")  # with the group that a match would have

# Part -> what it does its work by, and what takes its place.
_PARTS: dict[str, tuple[str, Any]] = {
    "most of the words": ("ranking._wider", _nothing),
    "words that are alike": ("vocabulary._LEAST_LIKENESS", 2.0),
    "spelling": ("vocabulary.get_close_matches", _nothing),
    "compounds": ("vocabulary._SHORTEST_PART", 99),
    "families of words": ("vocabulary.root", str),
    "synonyms": ("thesaurus.Thesaurus.names_for", _nothing),
    "names of topics": ("thesaurus.Thesaurus.topics_named", _nothing),
    "recommended pages": ("thesaurus.Thesaurus.pages_for", _nothing),
    "dates": ("query._DAYS", ()),
    "numbers": ("query.NUMBER", _NEVER),
    "phrases": ("query._QUOTED", _NEVER),
    "words for kinds": ("query._KINDS", {}),
    "rare words": ("query._weight", lambda _pages: 1.0),
    "worth of kinds": ("ranking._OF_KIND", defaultdict(lambda: 1.0)),
    "age": ("ranking._LOSS_OF_A_YEAR", 0.0),
    "titles and front pages": ("ranking._weigh_titles", _nothing),
    "fixed pages": ("ranking.fixed_pages_named", lambda _query: {}),
    "other language": ("answers._MUCH_BETTER", 1.0),
}


def parts() -> list[str]:
    return list(_PARTS)


@contextmanager
def without(part: str) -> Iterator[None]:
    """The search of this process without one of its parts."""
    path, replacement = _PARTS[part]
    with patch(f"pages.search.{path}", replacement):
        yield
