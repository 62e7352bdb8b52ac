"""A table of values as one test: every row is tried, and each that fails is named."""

import inspect
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any

import pytest
from django.db import transaction

_PARAM = type(pytest.param())


def every_row(
    names: str | Sequence[str],
    rows: Iterable[Any],
    ids: Iterable[str] | Callable[[Any], str] | None = None,
    *,
    undone: Sequence[str] = (),
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Stands in the place of `pytest.mark.parametrize`, where no row leaves anything to the next.

    What a row does to the databases that are named in `undone` is taken back.
    """
    columns = [name.strip() for name in names.split(",")] if isinstance(names, str) else names
    table = list(_named(len(columns), rows, ids))
    assert table, "a table without rows says nothing"

    def of(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def on_every_row(**fixtures: Any) -> None:
            failed = []
            for name, values in table:
                try:
                    with ExitStack() as afterwards:
                        for alias in undone:
                            afterwards.enter_context(_taken_back(alias))
                        test(**dict(zip(columns, values, strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    failed.append(f"{name}: {_told(error, test)}")
            if failed:
                heading = f"{len(failed)} of {len(table)} rows fail:"
                pytest.fail("\n".join([heading, *failed]), pytrace=False)

        asked = inspect.signature(test)
        fixtures = [each for each in asked.parameters.values() if each.name not in columns]
        on_every_row.__signature__ = asked.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return on_every_row

    return of


@contextmanager
def _taken_back(alias: str) -> Iterator[None]:
    with transaction.atomic(using=alias):
        yield
        transaction.set_rollback(True, using=alias)


def _named(columns: int, rows: Iterable[Any], ids: Any) -> Iterable[tuple[str, Sequence[Any]]]:
    """Each row with its name: what it was given, or how its values are written."""
    rows = list(rows)
    given = [None] * len(rows) if ids is None or callable(ids) else list(ids)
    for row, name in zip(rows, given, strict=True):
        if isinstance(row, _PARAM):
            assert not row.marks, "a row has no marks of its own here"
            row, name = row.values, row.id or name
        elif columns == 1:
            row = (row,)
        shown = ids if callable(ids) else repr
        yield str(name or ", ".join(f"{shown(value)!s:.80}" for value in row)), row


def _told(error: BaseException, test: Callable[..., None]) -> str:
    """What failed, and on which line of the test."""
    file = inspect.unwrap(test).__code__.co_filename
    lines = [at.lineno for at in traceback.extract_tb(error.__traceback__) if at.filename == file]
    said = isinstance(error, (AssertionError, pytest.fail.Exception))
    text = str(error) if said else f"{type(error).__name__}: {error}"
    return f"{text}  (line {lines[-1]})" if lines else text
