"""A real intake: gunicorn on loopback with a data folder of its own, and a tipster to send to it."""

import http.client
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.nginx import free_port
from tests.prepared import prepared
from tests.rings import entries_for, intake_key_in, trust_in
from tips.keeping.vault import Vault
from tips.sealing import age, heads

ROOT = Path(__file__).resolve().parents[3]
FORM = "/tipsa/formular/utan-skript/skriv/"
# A token is refused when it comes back within three seconds.
RIPE = 3.2


@dataclass
class Answer:
    status: int
    body: str

    @property
    def is_thanks(self) -> bool:
        return self.status == 200 and "Referensnummer" in self.body


@dataclass
class Intake:
    """The serving process, its data and the key that opens what it has taken in."""

    folder: Path
    identity: Any
    port: int
    threads: int = 8
    prefix: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def vault(self) -> Vault:
        return Vault(self.folder / "tips")

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def manage(self, *words: str) -> str:
        """Runs a command of manage.py on this intake's data; stops the test when it fails."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
        options = ["--bind", f"127.0.0.1:{self.port}", "--workers", "1"]
        self.process = subprocess.Popen(
            [*self.prefix, *gunicorn, *options, "--threads", str(self.threads), "sapo_site.wsgi"],
            cwd=ROOT,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=self.log.open("ab"),
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                if self.get("/halsa/").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
            self.process = None

    def pids(self) -> list[int]:
        """The serving processes: gunicorn's master and its workers, not a program around them."""
        assert self.process is not None
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(") ")[2].split()
                command = (path.parent / "comm").read_text().strip()
            except OSError:
                continue
            if int(fields[2]) == self.process.pid and command != "strace":
                found.append(int(path.parent.name))
        return sorted(found)

    def worker(self) -> int:
        assert self.process is not None
        return next(pid for pid in reversed(self.pids()) if pid != self.process.pid)

    def resident_megabytes(self) -> float:
        """Memory of all serving processes together, shared pages counted once in proportion."""
        total = 0
        for pid in self.pids():
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss: +(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
        return total / 1024

    def get(self, path: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode())
        finally:
            connection.close()

    def tokens(self, count: int) -> list[str]:
        """Tokens from the form, old enough to be sent back."""
        tokens = [token_in(self.get(FORM).body) for _ in range(count)]
        time.sleep(RIPE)
        return tokens

    def send(self, body: "Body", **options: Any) -> Answer:
        return send(self.port, body, **options)

    def rows(self) -> list[uuid.UUID]:
        with sqlite3.connect(self.folder / "tips.sqlite3") as database:
            return [uuid.UUID(row[0]) for row in database.execute("SELECT id FROM tips_tip")]

    def numbers(self) -> list[int]:
        """Under which numbers tips have come in, in the one epoch that there is."""
        with sqlite3.connect(self.folder / "tips.sqlite3") as database:
            rows = database.execute("SELECT epoch, counter FROM tips_arrival ORDER BY 1, 2")
            found = list(rows)
        assert len({epoch for epoch, _counter in found}) == 1
        return [counter for _epoch, counter in found]

    def opened(self, tip_id: uuid.UUID) -> dict[str, Any]:
        """What a tip says, with each attachment's content under its name."""
        with self.vault.open(tip_id, "body.age") as file:
            body = json.loads(age.unseal(file.read(), [self.identity]))
        head = self.vault.heads_of(tip_id).part([heads.entry_id(self.identity.recipient)])
        assert json.loads(age.unseal(head, [self.identity]))["id"] == str(tip_id)
        body["files"] = {}
        for attachment in body["attachments"]:
            with self.vault.open(tip_id, f"{attachment['id']}.age") as file:
                content = age.unseal(file.read(), [self.identity])
            body["files"][attachment["name"]] = content[: attachment["size"]]
        return body

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.system.fault.settings",
            "SAPO_VAR": str(self.folder),
            "SAPO_ROLES": "intake",
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.environment,
        }


@contextmanager
def intake(folder: Path, *, entries: int = 1, **options: Any) -> Iterator[Intake]:
    """An intake that is ready to be started, and is stopped in the end; with so many who read."""
    (folder / "tmp").mkdir(parents=True)
    identity = age.generate_identity()
    everybody = [
        identity.recipient,
        *(age.generate_identity().recipient for _ in range(1, entries)),
    ]
    keys = folder / "demo-keys"
    signs = [intake_key_in(keys / "intake.key")]
    trust_in(keys / "trust", entries_for(everybody), is_demo=True, intake=signs)
    server = Intake(folder, identity, free_port(), **options)
    shutil.copy(prepared("intake.sqlite3", _migrate), folder / "tips.sqlite3")
    try:
        yield server
    finally:
        server.stop()


def _migrate(path: Path) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "tmp").mkdir()
        server = Intake(Path(folder), None, 0)
        server.manage("migrate", "tips", "--database", "tips", "--verbosity", "0")
        assert not (server.folder / "tips.sqlite3-wal").exists(), "all of it is in the one file"
        shutil.copy(server.folder / "tips.sqlite3", path)


def token_in(page: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]


class Body:
    """A form as a browser writes it, in pieces that can be sent slowly."""

    boundary = "----WebKitFormBoundarysapo7MA4YWxkTrZu0gW"

    def __init__(
        self, fields: Mapping[str, str], files: Iterable[tuple[str, str, bytes]] = ()
    ) -> None:
        parts = [
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
            + value.encode()
            for name, value in fields.items()
        ]
        parts += [
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="files"; '
            f'filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'.encode()
            + content
            for name, kind, content in files
        ]
        self.content = b"\r\n".join([*parts, f"--{self.boundary}--\r\n".encode()])

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self.boundary}"


def send(
    port: int, body: Body, *, seconds: float = 0.0, pieces: int = 50, stop_at: float = 1.0
) -> Answer:
    """Sends a form, spread over so many seconds; `stop_at` breaks off after that share of it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.putrequest("POST", FORM)
        connection.putheader("Origin", f"http://127.0.0.1:{port}")
        connection.putheader("Content-Type", body.content_type)
        connection.putheader("Content-Length", str(len(body.content)))
        connection.endheaders()
        content = memoryview(body.content)[: int(len(body.content) * stop_at)]
        step = max(1, -(-len(content) // pieces)) if seconds else max(1, len(content))
        for start in range(0, len(content), step):
            connection.send(content[start : start + step])
            if seconds:
                time.sleep(seconds / pieces)
        if stop_at < 1:
            return Answer(0, "")
        response = connection.getresponse()
        return Answer(response.status, response.read().decode())
    finally:
        connection.close()
