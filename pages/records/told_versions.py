"""Which versions the files of the spool tell of, and when each began."""

from collections.abc import Iterator
from typing import Any

from .answered import is_version, micro
from .spool import Handed


def marks_in(
    found: list[Handed], known: set[str], present: str, now: int
) -> list[tuple[int, str, str | None]]:
    """The versions that are new, in order: when each began, and which was before it, if that is told.

    Of a service for visitors only the present version is believed, before the editors' has told of it.
    """
    told: dict[str, tuple[int, str]] = {}
    first: dict[str, int] = {}
    for handed, version, item in _of_versions(found):
        if version in known:
            continue
        if "begins" in item and (is_version(item.get("former")) or item.get("former") == ""):
            told.setdefault(version, (micro(item["begins"], now), item["former"]))
        elif "address" in item and (handed.is_of_editors or version == present):
            at = micro(item.get("at"), now)
            first[version] = min(at, first.get(version, at))
    for version in list(told):
        after = [
            each
            for each, (at, before) in told.items()
            if (at, before) == (told[version][0], version)
        ]
        if after and version not in first:  # drawn in the same transaction: nobody met this one
            told[after[0]] = told.pop(version)
    marks: list[tuple[int, str, str | None]] = [
        (begin, version, former) for version, (begin, former) in told.items()
    ]
    marks += [(at, version, None) for version, at in first.items() if version not in told]
    return sorted(marks, key=lambda each: each[:2])


def of_versions(found: list[Handed]) -> Iterator[tuple[str, dict[str, Any]]]:
    for _handed, version, item in _of_versions(found):
        yield version, item


def _of_versions(found: list[Handed]) -> Iterator[tuple[Handed, str, dict[str, Any]]]:
    for handed in found:
        for item in handed.items:
            version = item.get("version")
            if isinstance(version, str) and is_version(version):
                yield handed, version, item


def begun_at(handed: Handed, now: int) -> int:
    for item in handed.items:
        for name in ("at", "begins"):
            if isinstance(moment := item.get(name), float | int):
                return micro(moment, now)
    return max(0, min(handed.written, now))
