"""What the databases write is sent within seconds, also just after PostgreSQL was started anew."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sapo_site.operating.backup import server, standing
from sapo_site.operating.backup.choosing import choose
from sapo_site.operating.backup.machine import BackupError, MachinePlaces
from sapo_site.operating.backup.restoring import LaidOut, laid_out
from tests.lacking import need
from tests.pace import until
from tests.postgres import installed

from .backup_machine import BackupMachine, make_key

_LOST_SECONDS = 10
_TRIED_AGAIN_SECONDS = 60


@pytest.fixture(scope="module")
def key() -> tuple[str, str]:
    need("age", "zstd", root=True)
    return make_key()


@pytest.fixture(scope="module")
def machine(key: tuple[str, str]) -> Iterator[BackupMachine]:
    """A site that is followed, with a keeper that was away at first."""
    with tempfile.TemporaryDirectory(prefix="sapo-log-") as made, installed() as cluster:
        folder = Path(made)
        folder.chmod(0o755)
        machine = BackupMachine(folder / "machine", cluster)
        machine.become_the_site(key[1], str(folder / "kept"))
        with machine.server.connect("postgres", "postgres") as connection:
            connection.execute("CREATE TABLE seen (number int)")
        follower = machine.start("backup", "--follow", log="follower.log")
        try:
            until(lambda: "finns inte" in (folder / "follower.log").read_text(), 60)
            (folder / "kept").mkdir()
            until(lambda: _sets(machine), _TRIED_AGAIN_SECONDS)
            yield machine
        finally:
            follower.kill()
            follower.wait()


def _kept(machine: BackupMachine) -> Path:
    return machine.root.parent / "kept"


def _sets(machine: BackupMachine) -> list[Path]:
    return list(_kept(machine).glob("*-full-done.age"))


def _write(machine: BackupMachine, number: int) -> None:
    with machine.server.connect("postgres", "postgres") as connection:
        connection.execute("INSERT INTO seen VALUES (%s)", [number])


def _position(machine: BackupMachine) -> tuple[int, int]:
    """Where the databases are, and how far the keeper has confirmed to have them."""
    with machine.server.connect("postgres", "postgres") as connection:
        said = (machine.var / "backup" / "last_good").read_text().split()[1]
        query = "SELECT pg_current_wal_flush_lsn() - '0/0', %s::pg_lsn - '0/0'"
        [(written, confirmed)] = connection.execute(query, [said]).fetchall()
        return int(written), int(confirmed)


@contextmanager
def _restored(machine: BackupMachine, key: str) -> Iterator[LaidOut]:
    """What was sent until now, laid out."""
    identity, beside = key.encode(), machine.root.parent
    chosen = choose(_kept(machine), identity, None)
    with laid_out(chosen, identity, None, data=beside, files=beside) as laid:
        yield laid


def test_what_is_written_after_postgresql_was_started_anew_is_sent_within_seconds(machine, key):
    machine.server.stop("fast")
    machine.server.start()
    written = {}
    for number in range(20):
        _write(machine, number)
        written[number] = time.time()
        time.sleep(1)
    must = {number for number, at in written.items() if time.time() - at > _LOST_SECONDS}
    with _restored(machine, key[0]) as laid:
        there = set(map(int, server.query("SELECT number FROM seen", host=laid.own.folder)))
    assert must - there == set()


def test_good_is_only_what_the_keeper_has_confirmed(machine, monkeypatch):
    until(lambda: len(set(_position(machine))) == 1, _LOST_SECONDS)
    _kept(machine).rename(_kept(machine).with_name("away"))
    try:
        _write(machine, 100)
        written, confirmed = _position(machine)
        time.sleep(4)
        assert _position(machine)[1] == confirmed < written
        assert machine.manage("backup", "--status").returncode == 0
        monkeypatch.setattr(standing, "_BOUND_SECONDS", 2)
        with pytest.raises(
            BackupError, match=r"Det som har skrivits sedan dess är inte bekräftat\."
        ):
            standing.told(MachinePlaces(machine.root))
    finally:
        _kept(machine).with_name("away").rename(_kept(machine))
    until(lambda: _position(machine)[1] >= written, _LOST_SECONDS)


def test_a_ceremony_is_in_the_backup_within_seconds(machine, key):
    (machine.settings / "trust" / "after-the-ceremony.json").write_text("{}")
    (machine.settings / "intake.key").unlink()
    before = len(list(_kept(machine).glob("*-more-settings.age")))
    until(lambda: len(list(_kept(machine).glob("*-more-settings.age"))) > before, _LOST_SECONDS)
    with _restored(machine, key[0]) as laid:
        settings = laid.root / "etc/sapo"
        assert (settings / "trust" / "after-the-ceremony.json").read_text() == "{}"
        assert not (settings / "intake.key").exists()
        assert (settings / "desk.SAPO_SECRET_KEY.cred.opened").exists()


def test_where_postgresql_has_let_its_log_go_a_whole_set_is_sent_at_once(machine, key):
    before = len(_sets(machine))
    with machine.server.connect("postgres", "postgres") as connection:
        connection.execute("SELECT pg_drop_replication_slot('sapo_backup')")
        connection.execute("SELECT pg_switch_wal()")
        connection.execute("CHECKPOINT")
    until(lambda: len(_sets(machine)) > before, _TRIED_AGAIN_SECONDS)
    _write(machine, 200)
    until(lambda: _position(machine)[0] == _position(machine)[1], _TRIED_AGAIN_SECONDS)
    with _restored(machine, key[0]) as laid:
        assert "200" in server.query("SELECT number FROM seen", host=laid.own.folder)
