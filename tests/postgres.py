"""The tests' own PostgreSQL, set up as deploy/install does."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from sapo_site.script.checking import production_environment

from .lacking import lacking
from .prepared import prepared

ROOT = Path(__file__).resolve().parents[1]


class Cluster:
    """The servers' databases and users, with nothing but a socket in a folder."""

    def __init__(self, folder: Path, programs: Path, *, is_quiet: bool = False) -> None:
        self.folder = folder
        self.is_quiet = is_quiet  # logs no more than PostgreSQL does by default
        self.programs = programs

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def connect(self, user: str, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder), user=user, dbname=database, autocommit=True, connect_timeout=5
        )

    def environment(self, role: str, user: str, data: Path, **others: str) -> dict[str, str]:
        """The environment of a service in production, but with this server."""
        return {
            **production_environment(),
            "PGHOST": str(self.folder),
            "PGUSER": user,
            "SAPO_READER_SOCKET": str(self.folder / "reader.sock"),
            "SAPO_ROLES": role,
            "SAPO_VAR": str(data),
            "PATH": os.environ.get("PATH", os.defpath),
            **others,
        }

    def manage(self, role: str, user: str, data: Path, *words: str) -> str:
        return run([sys.executable, "manage.py", *words], self.environment(role, user, data))

    def apply(self, name: str, database: str) -> None:
        """Runs an SQL file as deploy/install does."""
        run(
            ["psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", database],
            {**os.environ, "PGHOST": str(self.folder), "PGUSER": "postgres"},
            stdin=(ROOT / "deploy" / name).read_text(),
        )

    def start(self) -> None:
        options = [
            "-c listen_addresses=''",
            f"-c unix_socket_directories='{self.folder}'",
            "-c fsync=off",
        ]
        if not self.is_quiet:
            # The server would log everything; each service's database role decides what it may log.
            options += [
                "-c log_statement=all",
                "-c log_duration=on",
                "-c log_min_duration_statement=0",
                "-c log_parameter_max_length_on_error=-1",
            ]
        self._own("pg_ctl", "-D", "data", "-l", "log", "-o", " ".join(options), "-w", "start")

    def stop(self, how: str = "immediate") -> None:
        self._own("pg_ctl", "-D", "data", "-m", how, "-w", "stop")

    def _own(self, program: str, *words: str) -> None:
        """Runs one of PostgreSQL's programs as another user, since they refuse root."""
        become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        run([*become, str(self.programs / program), *words], dict(os.environ), self.folder)


@contextmanager
def cluster(
    *, is_quiet: bool = False, name: str = "empty", prepare: Callable[[Cluster], None] | None = None
) -> Iterator[Cluster]:
    """A server with the databases and users of the site; no tables, no rights given yet.

    With `prepare`, it is a copy of the server of that name that was prepared first.
    """
    found = shutil.which("pg_ctl", path=os.pathsep.join(_folders()))
    if found is None or shutil.which("psql") is None:
        lacking("postgresql")
    assert found is not None
    programs = Path(found).parent

    def make(data: Path) -> None:
        with _server(programs, is_quiet=True) as server:
            server._own("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "--no-sync")
            server.start()
            try:
                server.apply("databases.sql", "postgres")
                if prepare is not None:
                    prepare(server)
            finally:
                server.stop("fast")
            run(["cp", "-a", f"{server.folder}/data", str(data)], dict(os.environ))

    data = prepared(f"cluster-{name}", make)
    with _server(programs, is_quiet=is_quiet) as server:
        run(["cp", "-a", str(data), f"{server.folder}/data"], dict(os.environ))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def _server(programs: Path, *, is_quiet: bool) -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="sapo-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        folder.chmod(0o755)
        with _reader(folder / "reader.sock"):
            yield Cluster(folder, programs, is_quiet=is_quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _reader(path: Path) -> Iterator[None]:
    """What reads strangers' files for the services."""
    command = [sys.executable, "-m", "tests.listening", str(path)]
    with subprocess.Popen(command, cwd=ROOT) as program:
        try:
            yield
        finally:
            program.terminate()


def section(heading: str) -> str:
    """What stands under a heading of docs/operations.md, down to the next heading."""
    text = (ROOT / "docs" / "operations.md").read_text()
    found = re.search(rf"^#+ {heading}\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/operations.md has no {heading}"
    return found[1]


def jobs() -> dict[str, list[str]]:
    """What is done at set times (deploy/jobs): name -> when, as which service, command."""
    text = (ROOT / "deploy" / "jobs").read_text()
    return {name: words for name, *words in map(str.split, re.findall(r"^[^#\n].*", text, re.M))}


def step_of(program: str, name: str) -> str:
    """A function of a shell program in deploy/."""
    script = (ROOT / "deploy" / program).read_text()
    (step,) = re.findall(rf"^{name}\(\) \{{\n.*?^\}}\n", script, re.MULTILINE | re.DOTALL)
    return step


def _folders() -> list[str]:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)
    return [*map(str, reversed(folders)), *os.environ.get("PATH", os.defpath).split(os.pathsep)]


def run(
    command: list[str], environment: dict[str, str], folder: Path = ROOT, stdin: str | None = None
) -> str:
    done = subprocess.run(
        command,
        env=environment,
        cwd=folder,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,  # only to end what hangs
    )
    assert done.returncode == 0, f"{command}: {done.stdout}"
    return done.stdout


@contextmanager
def installed() -> Iterator[Cluster]:
    """A server with the tables and rights of both databases, as after an installation."""
    with cluster(name="installed", prepare=_install) as server:
        yield server


def _install(server: Cluster) -> None:
    with tempfile.TemporaryDirectory() as data:
        server.manage("editorial", "sapo-editorial", Path(data), "migrate", "--verbosity", "0")
        server.manage(
            "intake", "sapo-tips-owner", Path(data), "migrate", "tips", "--database", "tips"
        )
        server.apply("database_roles.sql", "sapo")
        server.apply("tips_database_roles.sql", "sapo_tips")
