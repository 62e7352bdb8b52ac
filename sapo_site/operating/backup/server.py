"""PostgreSQL: what is asked of the machine's own, and one in a folder that a backup is restored in."""

import os
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from .machine import BackupError

_PATIENCE = 60 * 60.0  # for a recovery
_ANSWER_SECONDS = 60
# The hashes that the logs end with. Whoever restores must have them, and what came before.
_LAST_LINKS = {
    "sapo_tips": ("tips_event",),
    "sapo": ("newsroom_confirmation", "newsroom_approval", "newsroom_publication"),
}
# Who owns the tables of a database, and may have put a view in a table's place that calls what it likes.
_OWNERS = {"sapo": "sapo-editorial", "sapo_tips": "sapo-tips-owner"}
_HAS_TABLES = """SELECT count(*) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
 WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"""


# Neither the terminal nor what root reads from there.
APART: dict[str, Any] = {"cwd": "/", "stdin": subprocess.DEVNULL, "start_new_session": True}


def as_postgres() -> dict[str, Any]:
    """How a program is run as the user that owns PostgreSQL."""
    return {"user": "postgres", "group": "postgres", "extra_groups": [], **APART}


def becoming(user: str) -> list[str]:
    """The words before a command that is run as the user."""
    return ["setpriv", f"--reuid={user}", "--regid=nogroup", "--clear-groups", "--"]


def query(sql: str, database: str = "postgres", host: Path | None = None) -> list[str]:
    """The lines that PostgreSQL answers to whoever owns the tables of the database."""
    user = _OWNERS.get(database, "postgres")
    # Over its own socket PostgreSQL asks the machine who it is.
    machine_user = "postgres" if host else user
    given = {name: v for name, v in os.environ.items() if name == "PATH" or name.startswith("PG")}
    given |= {"PGUSER": user, "PGCONNECT_TIMEOUT": "10"} | ({"PGHOST": str(host)} if host else {})
    command = [*becoming(machine_user), "psql", "--no-psqlrc", "--tuples-only", "--no-align"]
    command += ["--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", database, "--command", sql]
    try:
        done = subprocess.run(
            command, env=given, capture_output=True, text=True, timeout=_ANSWER_SECONDS, **APART
        )
    except subprocess.TimeoutExpired as error:
        raise BackupError("PostgreSQL svarar inte.") from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["inget svar"]
        raise BackupError(f"PostgreSQL: {lines[-1]}")
    return done.stdout.split("\n")[:-1]


def main_version() -> str:
    """The main version, which alone reads the files of a cluster."""
    return str(int(query("SHOW server_version_num")[0]) // 10000)


def databases(host: Path | None = None) -> list[str]:
    return query("SELECT datname FROM pg_database WHERE datallowconn", host=host)


def answers(patience: float = 60.0) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with suppress(BackupError):
            query("SELECT 1")
            return True
        time.sleep(0.1)
    return False


def has_tables() -> bool:
    return any(query(_HAS_TABLES, name) != ["0"] for name in databases() if name != "template0")


def last_links() -> dict[str, str]:
    """The last hash of each log, by database and table."""
    there = databases()
    return {
        f"{database}.{table}": hashes[0]
        for database, tables in _LAST_LINKS.items()
        for table in tables
        if database in there and (hashes := _last_hashes(database, table))
    }


def _last_hashes(database: str, table: str) -> list[str]:
    return query(f"SELECT hash FROM {table} ORDER BY {_key(table)} DESC LIMIT 1", database)  # noqa: S608


def has_link(name: str, link: str, host: Path) -> bool:
    database, _dot, table = name.partition(".")
    if table not in _LAST_LINKS.get(database, ()) or not link.isalnum():
        return False
    return bool(query(f"SELECT 1 FROM {table} WHERE hash = '{link}'", database, host))  # noqa: S608


def _key(table: str) -> str:
    return "seq" if table == "tips_event" else "id"


# What a restored server reads instead of the site's settings, which name programs and libraries.
_OWN_FILES = {"data/postgresql.auto.conf": "", "data/recovery.signal": "", "conf": ""}
_OWN_FILES |= {"ident": "", "hba": "local all all trust\n"}


class OwnServer:
    """A server in a folder, with a socket there and nothing else."""

    def __init__(self, folder: Path, major: str) -> None:
        self.folder = folder
        found = shutil.which("postgres", path=f"/usr/lib/postgresql/{major}/bin")
        if found is None:
            raise BackupError(f"Kopian är gjord med PostgreSQL {major}, som inte finns här.")
        self._programs = Path(found).parent
        self._process: subprocess.Popen[bytes] | None = None
        self.data = folder / "data"

    def verify(self) -> None:
        """Compares each file of the databases with what PostgreSQL wrote of it."""
        done = self._run("pg_verifybackup", "--no-parse-wal", "--quiet", str(self.data))
        if done.returncode:
            raise BackupError(
                f"Databasens filer är inte som de var: {done.stdout.strip().splitlines()[0]}"
            )

    def recover(self, moment: str) -> None:
        """Takes the databases to the moment, or to the last that was sent; and is then up."""
        with suppress(FileNotFoundError):
            os.replace(self.data / "postgresql.auto.conf", self.folder / "auto.conf")
        for name, text in _OWN_FILES.items():
            path = self.folder / name
            path.unlink(missing_ok=True)  # a link of theirs would lead elsewhere
            path.write_text(text)
            shutil.chown(path, "postgres", "postgres")
        is_up = self._is_up(moment)
        if not is_up and moment and "before configured" in self._log():
            # Nothing was written after the moment, so all that there is belongs to it.
            is_up = self._is_up("")
        if not is_up:
            raise BackupError(f"Databaserna gick inte att återställa: {self._last_line()}")

    def _is_up(self, moment: str) -> bool:
        options = {
            "config_file": self.folder / "conf",
            "hba_file": self.folder / "hba",
            "ident_file": self.folder / "ident",
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "hot_standby": "off",
            "restore_command": "false",  # its log lies where it belongs
        }
        if moment:
            options |= {"recovery_target_time": moment, "recovery_target_action": "promote"}
        with (self.folder / "log").open("wb") as log:
            given = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
            command = [str(self._programs / "postgres"), "-D", str(self.data), *given]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **as_postgres())
        until = time.monotonic() + _PATIENCE
        while self._process.poll() is None and time.monotonic() < until:
            with suppress(BackupError):
                query("SELECT 1", host=self.folder)
                return True
            time.sleep(0.1)
        self.stop()
        return False

    def give_back_settings(self) -> None:
        """What ALTER SYSTEM had set, for the server that goes on with the databases."""
        with suppress(FileNotFoundError):
            os.replace(self.folder / "auto.conf", self.data / "postgresql.auto.conf")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()  # waits for those who are in, and there is nobody
            try:
                self._process.wait(120)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def _last_line(self) -> str:
        faults = [line for line in self._log().splitlines() if "FATAL" in line or "PANIC" in line]
        return faults[-1] if faults else "det tog för lång tid"

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._programs / program, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **as_postgres(),
        )
