"""What the databases write is sent within seconds, also just after PostgreSQL was started anew."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sapo_site.operating.backup import server
from sapo_site.operating.backup.choosing import choose
from sapo_site.operating.backup.restoring import laid_out
from tests.lacking import need
from tests.pace import until
from tests.postgres import installed

from .backup_machine import BackupMachine, make_key

_LOST_SECONDS = 10


@pytest.fixture(scope="module")
def key() -> tuple[str, str]:
    need("age", "zstd", root=True)
    return make_key()


@pytest.fixture(scope="module")
def machine(key: tuple[str, str]) -> Iterator[BackupMachine]:
    """A site with a whole backup, which is followed."""
    with tempfile.TemporaryDirectory(prefix="sapo-log-") as made, installed() as cluster:
        folder = Path(made)
        folder.chmod(0o755)
        (folder / "kept").mkdir()
        machine = BackupMachine(folder / "machine", cluster)
        machine.become_the_site(key[1], str(folder / "kept"))
        follower = machine.start("backup", "--follow", log="follower.log")
        try:
            until(lambda: any((folder / "kept").glob("*-full-done.age")), 120)
            yield machine
        finally:
            follower.kill()
            follower.wait()


def _rows_sent(machine: BackupMachine, key: str) -> set[int]:
    """The rows that are there again when what was sent until now is restored."""
    kept, identity = machine.root.parent / "kept", key.encode()
    beside = machine.root.parent
    with laid_out(choose(kept, identity, None), identity, None, data=beside, files=beside) as laid:
        return set(map(int, server.query("SELECT number FROM seen", host=laid.own.folder)))


def test_what_is_written_after_postgresql_was_started_anew_is_sent_within_seconds(machine, key):
    with machine.server.connect("postgres", "postgres") as connection:
        connection.execute("CREATE TABLE seen (number int)")
    machine.server.stop("fast")
    machine.server.start()
    written = {}
    for number in range(20):
        with machine.server.connect("postgres", "postgres") as connection:
            connection.execute("INSERT INTO seen VALUES (%s)", [number])
        written[number] = time.time()
        time.sleep(1)
    now = time.time()
    sent = _rows_sent(machine, key[0])
    assert [number for number, at in written.items() if now - at > _LOST_SECONDS and number not in sent] == []  # fmt: skip
