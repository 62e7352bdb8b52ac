"""Whichever function of the intake fails, nothing half is kept and nothing of the tip gets out."""

import importlib
import inspect
import io
import os
import pkgutil
import re
import shutil
import tempfile
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from django.db import connections

import tips
from tests.system.fault.leaks import pattern_of
from tests.tables import every_row
from tips.form.limiter import limiter
from tips.models import Tip

from .sending import (
    PHOTO,
    TEXT,
    file_part,
    files_under,
    opened,
    page_of,
    part,
    ripe_token,
    send,
    send_parts,
    text_on,
)

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

PLACE = "Frihamnen, kajplats sju"
# What an intake does not have: the handlers' half, and the commands.
ELSEWHERE = {"desk", "handling", "management", "migrations", "opener", "sealing.packing"}
# The net that catches the faults, and what stands around it and is given nothing that was sent.
NET = {"form.guard", "form.middleware.IntakeMiddleware.__init__",
       "form.middleware.IntakeMiddleware.__call__", "form.middleware.language_of_intake",
       "form.middleware._write_headers"}  # fmt: skip
# What is done when the tip is kept already. Then no thanks are given, and who sends again is thanked
# for the one that is there.
AFTERWARDS = {"form.answers.received", "keeping.intake.Attaching.let_go",
              "keeping.intake.Delivery.__exit__", "form.reception.Reception.__exit__",
              "keeping.counting.Counting.done", "keeping.arrival_state.ArrivalState.finish",
              "sealing.reference.reference_of", "keeping.arriving.Arriving.__exit__"}  # fmt: skip
# What deletes. When even that fails, the janitor deletes what is left.
DELETING = {"keeping.folders.entries_in"}


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(tips.__path__, "tips."):
        name = found.name.removeprefix("tips.")
        if not ELSEWHERE & {name, name.split(".")[0]}:
            yield importlib.import_module(found.name)


def _functions_in(module: ModuleType) -> Iterator[FunctionType]:
    """All that are written in the module, also those of its classes, whatever wraps them."""
    owners = [each for each in vars(module).values() if inspect.isclass(each)]
    for owner in [module, *owners]:
        for each in vars(owner).values():
            for wrapper in ("fget", "func", "__func__"):
                each = getattr(each, wrapper, each)
            each = inspect.unwrap(each) if callable(each) else each
            # Not what is imported, nor what dataclasses write.
            if inspect.isfunction(each) and each.__code__.co_filename == module.__file__:
                yield each


FUNCTIONS = {
    name: function
    for module in _modules()
    for function in _functions_in(module)
    if not NET
    & {place := module.__name__.removeprefix("tips."), name := f"{place}.{function.__qualname__}"}
}


def _failing(function: FunctionType) -> CodeType:
    """Code for the function that raises an error which quotes all that it was given."""
    cells = [f"cell_{number}" for number in range(len(function.__code__.co_freevars))]
    source = [
        "def around():",
        *(f"    {cell} = None" for cell in cells),
        "    def fail(*arguments, **named):",
        f"        ({''.join(f'{cell}, ' for cell in cells)})",
        f"        raise RuntimeError(f'Fel vid {TEXT} {{arguments!r}} {{named!r}}')",
        # Of the same kind as the function: a generator fails when it is first asked.
        *(["        yield"] if inspect.isgeneratorfunction(function) else []),
        "    return fail",
    ]
    made: dict[str, Any] = {}
    exec("\n".join(source), made)  # noqa: S102
    return made["around"]().__code__


def test_the_functions_that_take_in_a_tip_are_all_found():
    assert len(FUNCTIONS) > 200
    assert {
        "form.views._take_in", "form.upload.SealingUploadHandler._take_field",
        "keeping.intake.Delivery._keep", "keeping.intake.disk", "keeping.arriving.Arriving.seal_into",
        "form.reception.Reception._token", "sealing.age.stream.SealedWriter.write",
        "form.limiter.Limiter.lets_in", "form.forms.TipForm.tip_fields",
    } <= FUNCTIONS.keys()  # fmt: skip


@pytest.mark.parametrize("room", sorted({name.partition(".")[0] for name in FUNCTIONS}))
def test_a_fault_in_any_function_keeps_nothing_half_and_says_nothing(
    client, tip_channel, tmp_path, monkeypatch, caplog, mailoutbox, room
):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    client.get("/tipsa/")  # what is done once when a process starts

    @every_row(
        "name", [name for name in FUNCTIONS if name.partition(".")[0] == room], undone=["tips"]
    )
    def fails(name):
        try:
            _fail_in(name, client, tip_channel)
            _assert_nothing_has_got_out(caplog, mailoutbox, tmp_path)
        finally:
            shutil.rmtree(tip_channel.root / "tips", ignore_errors=True)
            limiter.forget()

    fails()
    assert not _SAID.search(_rows("default"))


def _fail_in(name, client, tip_channel) -> None:
    """Leaves a tip while the function fails, and then another."""
    fields = {"token": ripe_token(), "text": TEXT, "where": PLACE}
    form = [*(part(*each) for each in fields.items()), file_part(*PHOTO)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FUNCTIONS[name], "__code__", _failing(FUNCTIONS[name]))
        response = send_parts(client, form)

    if name in AFTERWARDS:
        assert response.status_code == 503
        response = send_parts(client, form)
        assert response.status_code == 200
    if name in DELETING:
        tip_channel.vault.sweep(0)
    kept = list(tip_channel.vault.tips())
    assert len(kept) == Tip.objects.count()
    if response.status_code == 200:
        assert [opened(tip_channel, each)["fields"]["text"] for each in kept] == [TEXT]
    else:
        assert response.status_code in (400, 503)
        assert "114 14" in page_of(response) or text_on(response)
        assert kept == []
        assert files_under(tip_channel) == []
    assert send(client, files=[PHOTO]).status_code == 200
    assert Tip.objects.count() == len(kept) + 1


def _assert_nothing_has_got_out(caplog, mailoutbox, folder) -> None:
    assert not mailoutbox
    assert [record for record in caplog.records if record.exc_info] == []
    assert not _SAID.search(caplog.text.encode())
    for path in folder.rglob("*"):
        assert not _SAID.search(os.fsencode(path) + (path.read_bytes() if path.is_file() else b""))
    assert not _SAID.search(_rows("tips"))
    caplog.clear()


# What was said, in any disguise.
_SAID = re.compile(b"|".join(pattern_of(words).pattern for words in (TEXT, PLACE, PHOTO[0])))


def _rows(alias: str) -> bytes:
    """All that stands in a database."""
    connection, out = connections[alias], io.BytesIO()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                for value in row:
                    binary = isinstance(value, (bytes, memoryview))
                    out.write(bytes(value) if binary else str(value).encode())
    return out.getvalue()
