"""`migrate` as Django does it, but nobody who reads or writes meanwhile waits long for it."""

import gc
import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections

# Less than the second after which PostgreSQL ends one of two that wait for each other: it must
# never be an editor who is ended.
WAITS = "500ms"
TRIES, PAUSE = 20, 1.0
_LOCK_NOT_AVAILABLE = "55P03"
# Between the statements of a migration, while it holds its locks, Django makes hundreds of classes;
# each collection looks at all of them.
_GARBAGE = 100_000


class Command(migrate.Command):
    def handle(self, *args: object, **options: Any) -> None:
        gc.set_threshold(_GARBAGE)
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [WAITS])
        try:
            self._until_it_has_its_locks(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")

    def _until_it_has_its_locks(self, *args: object, **options: object) -> None:
        """Each migration is a transaction: what is done stays done, and the next try goes on there."""
        for tried in range(1, TRIES + 1):
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                    raise
                if tried == TRIES:
                    raise CommandError(
                        "Tabellerna är upptagna: något annat har hållit dem hela tiden, till exempel en"
                        " säkerhetskopiering. Ingen migrering är halvgjord. Kör migrate igen."
                    ) from error
                time.sleep(PAUSE)
            else:
                return
