"""The parts of the search that can be switched off, to see what each of them earns."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from typing import Any
from unittest.mock import patch


def _nothing(*_args: Any, **_more: Any) -> Any:
    return ()


# Parts that no rule switches off: what replaces them.
_REPLACED = {
    "recommended pages": "pages.search.thesaurus.Thesaurus.pages_for",
    "names of topics": "pages.search.thesaurus.Thesaurus.topics_named",
}


def parts() -> list[str]:
    from pages.search.query import Rules

    return [*(field.name for field in fields(Rules)), *_REPLACED]


@contextmanager
def without(part: str) -> Iterator[None]:
    """The search of this process without one of its parts."""
    from pages.search.query import ALL_RULES

    with ExitStack() as stack:
        if part in _REPLACED:
            stack.enter_context(patch(_REPLACED[part], _nothing))
        else:
            # Set in place: every function of the search has this object as its default.
            object.__setattr__(ALL_RULES, part, False)
            stack.callback(object.__setattr__, ALL_RULES, part, True)
        yield


def lines_of(part: str) -> int:
    """A rule's lines lie in between those of others."""
    return 0
