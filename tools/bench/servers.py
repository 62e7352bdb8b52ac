"""Starts and stops what is measured, and reads off Linux what it costs."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2  # those of deploy/gunicorn.conf.py
_PATIENCE_SECONDS = 60
# Past this it is given up.
PATIENCE_SECONDS = 1800


class Failed(Exception):
    """One target cannot be measured, for a reason that fits on a line."""


class Lacking(Exception):
    """The machine lacks a program: without it the whole part has no meaning."""


def program(name: str, package: str) -> str:
    """Where a program lies."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if found is None:
        raise Lacking(f"{name} saknas: installera Debians paket {package}.")
    return found


class Server:
    """A server on loopback, in a session of its own, so that all of its processes are known."""

    def __init__(
        self,
        name: str,
        command: list[str],
        port: int,
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.port = port
        self._command = command
        self._environment = dict(environment or os.environ)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        process = self._process
        if process is None:
            return
        for sign, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            for pid in pids_in_session(process.pid):
                _tell(pid, sign)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                process.poll()
                if not pids_in_session(process.pid):
                    break
                time.sleep(0.05)
        process.wait()
        self._process = None

    @property
    def pids(self) -> list[int]:
        return [] if self._process is None else pids_in_session(self._process.pid)

    def cpu_seconds(self) -> float:
        """The time on a processor of all threads that live in its processes."""
        return sum(cpu_seconds_of(pid) for pid in self.pids)

    def pss_megabytes(self) -> float:
        """The memory of its processes, what they share counted once."""
        return sum(pss_kilobytes_of(pid) for pid in self.pids) / 1024

    def _wait(self) -> None:
        assert self._process is not None
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        lines = self._log.read_text(errors="replace").strip().splitlines()
        raise Failed(f"{self.name} startade inte: {lines[-1] if lines else 'inget i loggen'}")


def run(command: list[str], environment: dict[str, str], seconds: float = PATIENCE_SECONDS) -> str:
    """What the program prints; Failed with its last line if it does not end well."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{' '.join(command[1:])}: blev inte klar på {seconds:.0f} s") from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise Failed(f"{' '.join(command[1:])}: {lines[-1] if lines else done.returncode}")
    return done.stdout


def gunicorn(
    name: str,
    application: str,
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> Server:
    """An application under gunicorn, configured as the site's services are."""
    port = free_port()
    settings = "-c", str(ROOT / "deploy" / "gunicorn.conf.py"), "--workers", str(WORKERS)
    place = "--bind", f"127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", *settings, *place, application]
    return Server(name, command, port, log=log, environment=environment)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def pids_in_session(session: int) -> list[int]:
    """All living processes of a session: the one that began it and all that it has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(") ")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(path.parent.name))
    return sorted(found)


def cpu_seconds_of(pid: int, proc: Path = Path("/proc")) -> float:
    """The time on a processor of a process's threads, as the scheduler counts it."""
    nanoseconds = 0
    for path in (proc / str(pid) / "task").glob("*/schedstat"):
        try:
            nanoseconds += int(path.read_text().split()[0])
        except OSError:  # the thread ended meanwhile
            continue
    return nanoseconds / 1e9


def pss_kilobytes_of(pid: int, proc: Path = Path("/proc")) -> int:
    try:
        text = (proc / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss: +(\d+) kB", text, re.MULTILINE)
    return int(found[1]) if found else 0


def _tell(pid: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, sign)
