"""Lays what the database itself refuses: what nobody has confirmed, and changes of what was recorded."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from typing import Any

from django.apps import apps as present
from django.apps.registry import Apps
from django.core.checks import Warning
from django.db import DatabaseError, connections, router, transaction
from django.db.backends.utils import names_digest

from pages.newsroom.guard import Trigger, refusals
from pages.newsroom.models import (
    AccountEvent,
    Approval,
    Confirmation,
    Ending,
    Permit,
    Publication,
    Renaming,
    Review,
    StopOrder,
)

_LASTING = (AccountEvent, Approval, Confirmation, Ending, Publication, Renaming, Review, StopOrder)

# In the name is a digest of what a trigger does: names alone say whether all is as it should be.
_LAID = {
    "sqlite": "SELECT name, TRUE FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'refuse!_%' ESCAPE '!'",
    "postgresql": "SELECT tgname, tgenabled = 'O' FROM pg_trigger WHERE tgname LIKE 'refuse!_%' ESCAPE '!'",
}
_LAY = {
    "sqlite": """CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {when}
BEGIN SELECT RAISE(ABORT, '{table}: {says}'); END""",
    "postgresql": """CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $no$ BEGIN
IF {when} THEN RAISE EXCEPTION '{table}: {says}'; END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $no$;
CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH {each} EXECUTE FUNCTION "{name}"()""",
}
_DROP = {"sqlite": 'DROP TRIGGER "{name}"', "postgresql": 'DROP FUNCTION "{name}" CASCADE'}


def take_triggers_away(using: str, plan: Sequence[Any], **_signal: Any) -> None:
    """Before migrations: they may change rows, and SQLite writes no table again that a trigger reads."""
    if plan and router.allow_migrate_model(using, Permit):
        _replace(using, {})


def lay_triggers(using: str, apps: Apps = present, **_signal: Any) -> None:
    """After each `migrate`, unless it left or brought back tables of another time."""
    then, now = _columns(apps), _columns(present)
    tables = {Permit._meta.db_table, *(each.table for each in _refusals())}
    is_of_now = all(then.get(each) == now[each] for each in tables)
    if is_of_now and router.allow_migrate_model(using, Permit):
        _replace(using, _wanted(using))


def _columns(apps: Apps) -> dict[str, set[str]]:
    models: Any = apps.get_models()
    return {each._meta.db_table: {f.column for f in each._meta.local_fields} for each in models}


def _refusals() -> Iterator[Trigger]:
    yield from refusals()
    for model in _LASTING:
        for event in ("UPDATE", "DELETE", "TRUNCATE"):
            yield Trigger(model._meta.db_table, event, "TRUE", "is never changed")


def _wanted(using: str) -> dict[str, str]:
    """Name of each trigger -> the SQL that lays it."""
    found, vendor = {}, connections[using].vendor
    for each in _refusals():
        is_whole = each.event == "TRUNCATE"
        if not (is_whole and vendor == "sqlite"):
            said = {**asdict(each), "each": "STATEMENT" if is_whole else "ROW"}
            digest = names_digest(_LAY[vendor].format(name="", **said), length=8)
            name = f"refuse_{each.event.lower()}_{each.table}"[:50] + f"_{digest}"
            found[name] = _LAY[vendor].format(name=name, **said)
    return found


def _laid(using: str) -> dict[str, bool]:
    """Name of each trigger that is there -> whether it is on."""
    with connections[using].cursor() as cursor:
        cursor.execute(_LAID[connections[using].vendor])
        return dict(cursor.fetchall())


def _replace(using: str, wanted: Mapping[str, str]) -> None:
    laid, vendor = _laid(using), connections[using].vendor
    kept = {name for name, is_on in laid.items() if is_on and name in wanted}
    dropped = [_DROP[vendor].format(name=name) for name in laid.keys() - kept]
    # One at a time on PostgreSQL: whoever reads the next table waits for nobody who waits.
    together = transaction.atomic(using) if vendor == "sqlite" else nullcontext()
    with together, connections[using].cursor() as cursor:
        for statement in (*dropped, *(wanted[name] for name in wanted.keys() - kept)):
            cursor.execute(statement)


def name_wrong_triggers(databases: Sequence[str] | None = None, **_check: Any) -> list[Warning]:
    """A check of Django's: whether the database refuses what it should."""
    if "default" not in (databases or ()):
        return []
    wanted = _wanted("default").keys()
    try:
        laid = {name for name, is_on in _laid("default").items() if is_on}
        stands = Permit.objects.exists()
    except DatabaseError:  # no tables yet, or no database
        return []
    said = (
        f"{len(wanted - laid)} triggrar fattas och {len(laid - wanted)} är för många. Kör migrate."
    )
    if stands:
        said = f"i {Permit._meta.db_table} ligger ett tillstånd kvar. Töm tabellen."
    is_wrong = stands or laid != wanted
    return [Warning(f"Databasen nekar inte det som den ska: {said}", id="pages.W001")] * is_wrong


def refuse_to_serve_without_triggers() -> None:
    """Ends the process with a line that says what is wrong. Without a database it may go on."""
    wrong = name_wrong_triggers(["default"])
    # The server's workers must not share a connection that was opened before the fork.
    connections["default"].close()
    getattr(connections["default"], "close_pool", lambda: None)()
    if wrong:
        sys.exit(wrong[0].msg)
