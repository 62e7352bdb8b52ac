"""`migrate` as Django does it, but quicker on an empty database, and nobody waits long for it on another."""

import gc
import time
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError, no_translations
from django.core.management.commands import migrate
from django.core.management.sql import emit_pre_migrate_signal
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

# Less than the second after which PostgreSQL ends one of two that wait for each other: it must
# never be an editor who is ended.
WAITS = "500ms"
TRIES, PAUSE = 20, 1.0
_LOCK_NOT_AVAILABLE = "55P03"
# Between the statements of a migration, while it holds its locks, Django makes hundreds of classes;
# each collection looks at all of them.
_GARBAGE = 100_000
# Whoever asks for less than all, or for something else.
_OTHERWISE = ("app_label", "plan", "check_unapplied", "fake", "fake_initial", "prune")


class Command(migrate.Command):
    def handle(self, *args: object, **options: Any) -> None:
        gc.set_threshold(_GARBAGE)
        connection = connections[options["database"]]
        if not any(options.get(name) for name in _OTHERWISE):
            told = self.migration_progress_callback
            self._begin(MigrationExecutor(connection, told), options)  # type: ignore[arg-type]
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

    @no_translations
    def _begin(self, executor: MigrationExecutor, options: dict[str, Any]) -> None:
        """Makes the tables of an empty database, for whose sake nobody has to wait; Django does what follows.

        The packages' before ours, which refer to them: of what is changed Django makes anew all classes that
        refer to it, or to which it refers.
        """
        if executor.loader.applied_migrations:
            return
        self.verbosity = options["verbosity"]
        place = {config.label: -at for at, config in enumerate(apps.get_app_configs())}
        nodes = executor.loader.graph.leaf_nodes()
        nodes.sort(key=lambda node: place[node[0]])
        plan = executor.migration_plan(nodes)
        state = _State(real_apps=executor.loader.unmigrated_apps)
        emit_pre_migrate_signal(
            self.verbosity,
            options["interactive"],
            options["database"],
            stdout=self.stdout,
            apps=state.apps,
            plan=plan,
        )
        executor.migrate(nodes, plan, state)


class _State(ProjectState):
    """The models between migrations; of a new one its own class is made alone, since nobody refers to it."""

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        known = self.__dict__.get("apps")  # made when it is first asked for
        if known and not delay and model_name not in known.all_models[app_label]:
            known.render_multiple([self.models[app_label, model_name]])
        else:
            super().reload_model(app_label, model_name, delay)
