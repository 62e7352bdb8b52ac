"""PostgreSQL: what is asked of the machine's own, and one in a folder that a backup is restored in."""

import os
import re
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from .machine import BackupError
from .pieces import end_of

_PATIENCE = 60 * 60  # for a recovery
_ANSWER_SECONDS = 60
# What PostgreSQL notes for the whole cluster of who owns what: no database of a service's is opened, in which
# its owner may have put a view in a table's place that calls what it likes.
_TABLES = """SELECT (SELECT count(*) FROM pg_shdepend WHERE classid = 'pg_class'::regclass)
 + (SELECT count(*) FROM pg_stat_user_tables) + (SELECT count(*) FROM pg_database
 WHERE datname NOT IN ('postgres', 'template0', 'template1', 'sapo', 'sapo_tips'))"""


# Neither the terminal nor what root reads from there.
APART: dict[str, Any] = {"cwd": "/", "stdin": subprocess.DEVNULL, "start_new_session": True}


def as_postgres() -> dict[str, Any]:
    """How a program is run as the user that owns PostgreSQL."""
    return {"user": "postgres", "group": "postgres", "extra_groups": [], **APART}


def becoming(user: str) -> list[str]:
    """The words before a command that is run as the user."""
    return ["setpriv", f"--reuid={user}", "--regid=nogroup", "--clear-groups", "--"]


def query(sql: str, host: Path | None = None) -> list[str]:
    """The lines that PostgreSQL answers of itself."""
    given = {name: v for name, v in os.environ.items() if name == "PATH" or name.startswith("PG")}
    given |= {"PGUSER": "postgres", "PGCONNECT_TIMEOUT": "10"}
    given |= {"PGHOST": str(host)} if host else {}
    command = [*becoming("postgres"), "psql", "--no-psqlrc", "--tuples-only", "--no-align"]
    command += ["--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", "postgres", "--command", sql]
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


def pour(command: list[str], piece: IO[bytes]) -> None:
    """Writes what a program says to PostgreSQL's user."""
    given = {**os.environ, "PGUSER": "postgres"}
    with subprocess.Popen(
        command, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **as_postgres()
    ) as process:
        try:
            shutil.copyfileobj(end_of(process.stdout), piece)
        except BaseException:
            process.kill()
            raise
        why = end_of(process.stderr).read().decode(errors="replace").strip().splitlines()
    if process.returncode:
        raise BackupError(f"{command[0]}: {why[-1] if why else 'inget svar'}")


def main_version() -> str:
    """The main version, which alone reads the files of a cluster."""
    return str(int(query("SHOW server_version_num")[0]) // 10000)


def answers(patience: float = 60.0, host: Path | None = None, pid: Path = Path("/")) -> bool:
    """Whether PostgreSQL does so in time; not waited for when its file of that name is gone."""
    until = time.monotonic() + patience
    while time.monotonic() < until and pid.exists():
        with suppress(BackupError):
            query("SELECT 1", host=host)
            return True
        time.sleep(0.1)
    return False


def has_tables() -> bool:
    return query(_TABLES) != ["0"]


# What a restored server reads instead of the site's settings, which name programs and libraries.
_OWN_FILES = {"data/postgresql.auto.conf": "", "data/recovery.signal": "", "ident": ""}
_OWN_FILES |= {"hba": "local all all trust\n"}


class OwnServer:
    """A server in a folder, with a socket there and nothing else."""

    def __init__(self, folder: Path, major: str) -> None:
        self.folder = folder
        found = shutil.which("postgres", path=f"/usr/lib/postgresql/{major}/bin")
        if found is None:
            raise BackupError(f"Kopian är gjord med PostgreSQL {major}, som inte finns här.")
        self._programs = Path(found).parent
        self.data = folder / "data"
        self._pid = self.data / "postmaster.pid"

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
            self._lay(name, text)
        is_up = self._start(moment)
        if not is_up and moment and "before configured" in self._log():
            # Nothing was written after the moment, so all that there is belongs to it.
            is_up = self._start("")
        if not is_up:
            faults = [line for line in self._log().splitlines() if re.search("FATAL|PANIC", line)]
            why = faults[-1] if faults else "det tog för lång tid"
            raise BackupError(f"Databaserna gick inte att återställa: {why}")

    def _lay(self, name: str, text: str) -> None:
        path = self.folder / name
        path.unlink(missing_ok=True)  # a link of theirs would lead elsewhere
        path.write_text(text)
        shutil.chown(path, "postgres", "postgres")

    def _start(self, moment: str) -> bool:
        settings = {
            "hba_file": self.folder / "hba",
            "ident_file": self.folder / "ident",
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "hot_standby": "off",
            "restore_command": "false",  # its log lies where it belongs
        }
        if moment:
            settings |= {"recovery_target_time": moment, "recovery_target_action": "promote"}
        self._lay("conf", "".join(f"{name} = '{value}'\n" for name, value in settings.items()))
        (self.folder / "log").unlink(missing_ok=True)
        options = f"-c config_file={self.folder}/conf"
        self._control("-l", str(self.folder / "log"), "-o", options, "start")
        return answers(_PATIENCE, self.folder, self._pid)

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-w", *words)

    def give_back_settings(self) -> None:
        """What ALTER SYSTEM had set, for the server that goes on with the databases."""
        with suppress(FileNotFoundError):
            os.replace(self.folder / "auto.conf", self.data / "postgresql.auto.conf")

    def stop(self) -> None:
        if self._pid.exists():
            self._control("-m", "fast", "stop")

    def _log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._programs / program, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **as_postgres(),
        )
