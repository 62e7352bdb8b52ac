"""Carries what was read from the child to its parent: as JSON, with the pictures in files beside it.

Never as pickled objects, which could make the parent do what a file from outside wants.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, get_args

from .documents import ImportedArticle, ImportedPicture, Notes, Part

_KINDS = {
    kind.__name__: kind for kind in (*get_args(Part), ImportedArticle, ImportedPicture, Notes)
}


def packed(value: object, keep: Callable[[bytes], int]) -> object:
    """The value as JSON has it; `keep` stores bytes and gives them a number."""
    if is_dataclass(value):
        given = {
            field.name: packed(getattr(value, field.name), keep)
            for field in fields(value)
            if not field.name.startswith("_")
        }
        return {"kind": type(value).__name__, "given": given}
    if isinstance(value, bytes):
        return {"kind": "bytes", "given": keep(value)}
    if isinstance(value, date):
        return {"kind": "date", "given": value.isoformat()}
    if isinstance(value, dict):
        return {"kind": "counter", "given": dict(value)}
    if isinstance(value, tuple):
        return {"kind": "tuple", "given": [packed(each, keep) for each in value]}
    if isinstance(value, list):
        return [packed(each, keep) for each in value]
    return value


def unpacked(told: object, kept: Callable[[int], bytes]) -> Any:
    """What was packed. Raises ValueError, TypeError, KeyError and OSError where it was not."""
    if isinstance(told, list):
        return [unpacked(each, kept) for each in told]
    if not isinstance(told, dict):
        return told
    kind, given = told["kind"], told["given"]
    if kind == "bytes":
        return kept(int(given))
    if kind == "date":
        return date.fromisoformat(given)
    if kind == "counter":
        return Counter(given)
    if kind == "tuple":
        return tuple(unpacked(each, kept) for each in given)
    return _KINDS[kind](**{name: unpacked(each, kept) for name, each in given.items()})
