"""The parts of the search that can be switched off, to see what each of them earns."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pkgutil import resolve_name
from typing import Any
from unittest.mock import patch


@dataclass(frozen=True)
class Part:
    """What replaces it while it is off, and the functions and classes that it consists of."""

    instead: dict[str, Any]
    made_of: Sequence[str] = ()


def parts() -> list[str]:
    return list(_PARTS)


@contextmanager
def without(part: str) -> Iterator[None]:
    """The search of this process without one of its parts."""
    with ExitStack() as stack:
        for target, replacement in _PARTS[part].instead.items():
            stack.enter_context(patch(target, replacement))
        yield


def lines_of(part: str) -> int:
    """The lines of code that could be taken out with it."""
    code = (resolve_name(f"pages.search.{name}") for name in _PARTS[part].made_of)
    return sum(len(inspect.getsourcelines(each)[0]) for each in code)


def _nothing(*_args: Any, **_more: Any) -> Any:
    return ()


def _none(*_args: Any, **_more: Any) -> Any:
    return None


def _kin_without(**fields: Any) -> Callable[..., Any]:
    def kin_of(words: Sequence[str], language: str) -> Any:
        from pages.search.vocabulary import kin_of

        return [replace(kin, **fields) for kin in kin_of(words, language)]

    return kin_of


def _widest_only(query: Any) -> Iterator[Any]:
    from pages.search.tokens import Where, all_of

    if query.terms:
        yield all_of(term.by_any_name(Where.ANYWHERE) for term in query.terms)


_THESAURUS, _KIN = "pages.search.thesaurus.Thesaurus", "pages.search.query.kin_of"

_PARTS = {
    "title before lead before text": Part({"pages.search.query.Query.questions": _widest_only},
                                          ["query:Query.questions", "engine:first_answered"]),
    "synonyms": Part({f"{_THESAURUS}.names_for": _nothing}, ["query:_with_names"]),
    "names of topics": Part({f"{_THESAURUS}.topics_named": _nothing}),
    "recommended pages": Part({f"{_THESAURUS}.pages_for": _nothing}, ["answers:_recommended"]),
    "fixed pages": Part({"pages.search.answers.fixed_pages_for": _nothing}, ["fixed"]),
    "words that have this word in them": Part({_KIN: _kin_without(compounds=[])},
                                              ["vocabulary:_Look"]),
    "parts of a new compound": Part({_KIN: _kin_without(parts=[])},
                                    ["vocabulary:_splits", "vocabulary:_known_among"]),
    "letters without marks": Part({_KIN: _kin_without(with_marks=[])}),
    "endings of an unfinished word": Part({_KIN: _kin_without(completions=[])},
                                          ["query:_may_go_on"]),
    "misspelt words": Part({"pages.search.view._meant": _none},
                           ["view:_meant", "vocabulary:nearest", "vocabulary:_alike", "distance"]),
}  # fmt: skip
