"""Brings the demo's data folder up to date; does only what is not done yet."""

import fcntl
import hashlib
import io
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from multiprocessing import get_context
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor
from wagtail.hooks import search_for_hooks

from sapo_site.demo.demo_accounts import accounts_file
from sapo_site.demo.keys import identity_file, set_up_keys
from sapo_site.demo.site import site_is_built
from sapo_site.demo.tips import has_tips, leave_tips
from tips.keeping.intake import Closed
from tips.router import DATABASE as TIPS_DATABASE


class Command(BaseCommand):
    help = "Gör demots data klara: databaser, innehåll, konton, nycklar, tips och statiska filer."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--without-static", action="store_true", help="Samla inte de statiska filerna."
        )
        parser.add_argument("--address", help="Visa adresser och konton för den, t.ex. [::1]:8000.")

    def handle(self, *args: object, without_static: bool, address: str, **options: object) -> None:
        with (
            ends_at_once(),
            only_one_prepares(settings.VAR_DIR, self.stdout),
            static_files_beside(self.stdout) if not without_static else nullcontext(),
        ):
            prepare_database(self.stdout)
        if address:
            self.stdout.write(welcome(address))


@contextmanager
def ends_at_once() -> Iterator[None]:
    """Lets Ctrl-C end the process at once; the next start repairs what was half done.

    Python would raise an exception, which is lost if it comes while an object is being deleted.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def only_one_prepares(folder: Path, stdout: OutputWrapper) -> Iterator[None]:
    """Locks the data folder, so that a second start waits instead of doing the same."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stdout.write("Väntar på en annan start med samma datamapp …")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def prepare_database(stdout: OutputWrapper) -> None:
    """Applies missing migrations, and builds the demo site if there is none."""
    # While Swedish is active: `migrate` switches languages off, and some of Wagtail's labels keep
    # the language in which they were first read.
    search_for_hooks()
    for alias in connections:
        executor = MigrationExecutor(connections[alias])
        nodes = executor.loader.graph.leaf_nodes()
        here = [node for node in nodes if router.allow_migrate(alias, node[0])]
        if executor.migration_plan(here):
            with timed("Skapar tabeller i databasen", stdout):
                # Only `tips` in the tips' database: the other migrations would run there for half a
                # minute and do nothing.
                apps = ["tips"] if alias == TIPS_DATABASE else []
                call_command("migrate", *apps, database=alias, interactive=False, verbosity=0)
    if site_is_built():
        call_command("seed", stdout=io.StringIO())
    else:
        started = time.monotonic()
        stdout.write("Bygger demowebbplatsen:")
        call_command("seed")
        stdout.write(f"Webbplatsen byggdes på {seconds_since(started)}")
    prepare_tips(stdout)
    # The server's workers must not share a connection that was opened before the fork.
    connections.close_all()
    for connection in connections.all():
        getattr(connection, "close_pool", lambda: None)()  # PostgreSQL has a pool


def prepare_tips(stdout: OutputWrapper) -> None:
    """Makes the missing keys, and leaves the demo's tips if they are not there."""
    handler = set_up_keys()
    if has_tips(handler.identity):
        return
    try:
        with timed("Lämnar några påhittade tips", stdout):
            leave_tips(handler)
    except Closed:
        stdout.write(" hoppas över: det finns för lite utrymme på disken.")


@contextmanager
def static_files_beside(stdout: OutputWrapper) -> Iterator[None]:
    """Collects the static files in a process of its own, on another processor than the database has."""
    static = get_context("fork").Process(target=prepare_static_files, daemon=True)
    static.start()
    yield
    if static.is_alive():
        with timed("Samlar och komprimerar statiska filer", stdout):
            static.join()
    if static.exitcode:
        raise CommandError("De statiska filerna kunde inte samlas.")
    read_manifest()


def prepare_static_files() -> None:
    """Collects the static files when they have changed since they were last collected."""
    stamp = settings.VAR_DIR / "static-files.sha256"
    wanted = static_fingerprint()
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    collected = stamp.read_text() if stamp.exists() and manifest.exists() else ""
    if collected == wanted:
        read_manifest()
        return
    stamp.unlink(missing_ok=True)
    # Without a stamp the last time was cut off, maybe in the middle of a file.
    call_command("collectstatic", interactive=False, clear=not collected, verbosity=0)
    stamp.write_text(wanted)


def read_manifest() -> None:
    """Reads what has been collected, maybe by another start while this one waited.

    Wagtail makes the storage when its code is loaded, and the storage reads its manifest only then.
    """
    if isinstance(staticfiles_storage, ManifestFilesMixin):
        files, digest = staticfiles_storage.load_manifest()
        staticfiles_storage.hashed_files, staticfiles_storage.manifest_hash = files, digest


def static_fingerprint() -> str:
    """A hash of our static files, of the code that stores them, and of the packages' versions."""
    project: Path = settings.PROJECT_DIR
    files = [project / "requirements.txt", project / "sapo_site/building/static_storage.py"]
    # The collected files may lie in the project too (var/static), but are no source.
    apps = [*project.glob("*/static"), *project.glob("pages/*/static")]
    for folder in [
        *settings.STATICFILES_DIRS,
        *(each for each in apps if each != settings.STATIC_ROOT),
    ]:
        files += sorted(path for path in Path(folder).rglob("*") if path.is_file())
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(project)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


@contextmanager
def timed(text: str, stdout: OutputWrapper) -> Iterator[None]:
    """Prints what is being done, and in the end how long it took."""
    started = time.monotonic()
    stdout.write(f"{text} …", ending="")
    stdout.flush()
    yield
    stdout.write(f" {seconds_since(started)}")


def seconds_since(started: float) -> str:
    return f"{time.monotonic() - started:.1f} s".replace(".", ",")


def welcome(address: str) -> str:
    """The message after a start: where things are, and which accounts there are."""
    rows = [("Konto", "Lösenord", "Roll")]
    for account in json.loads(accounts_file().read_text()):
        rows.append((account["username"], account["password"], account["role"]))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    table = [f"  {name:<{widths[0]}}   {word:<{widths[1]}}   {role}" for name, word, role in rows]
    return "\n".join(
        [
            "",
            f"  Webbplats           http://{address}/",
            f"  Redaktionsverktyg   http://{address}/{settings.ADMIN_PATH}",
            f"    med nyckel        {settings.OTP_WEBAUTHN_ALLOWED_ORIGINS[0]}/{settings.ADMIN_PATH}",
            f"  Tipsa               http://{address}/tipsa/",
            f"  Tipsmottagning      http://{address}/{settings.DESK_PATH}",
            f"    med nyckelfilen   {identity_file()}",
            "",
            *table,
            "",
            "Avsluta med Ctrl-C.",
        ]
    )
