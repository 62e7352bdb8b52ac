"""Where backups are kept, pieces can be added and nothing else; a rule throws the oldest away."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sapo_site.operating.backup import keeping
from sapo_site.operating.backup.keeping import stamp_of, superfluous

_NAME = f"{stamp_of(datetime.now(UTC))}-full-site.age"
_NOW = datetime(2027, 3, 31, 12, tzinfo=UTC)


def _ask(folder: Path, wish: str, stream: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """As ssh runs it on the machine that keeps backups: by itself, with what was asked for."""
    return subprocess.run(
        [sys.executable, "-I", keeping.__file__, str(folder)],
        env={"SSH_ORIGINAL_COMMAND": wish}, input=stream, capture_output=True,
    )  # fmt: skip


def _whole(content: bytes, name: str = _NAME) -> bytes:
    return content + name.encode() + b"\n"


@pytest.mark.parametrize("content", [b"", b"x", b"sealed" * 500_000])
def test_a_piece_that_came_whole_is_kept_for_its_owner_alone(tmp_path, content):
    assert _ask(tmp_path, f"put {_NAME}", _whole(content)).stdout == b"ok\n"
    assert (tmp_path / _NAME).read_bytes() == content
    assert (tmp_path / _NAME).stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == [_NAME]


def test_a_name_that_is_there_is_never_written_again(tmp_path):
    _ask(tmp_path, f"put {_NAME}", _whole(b"first"))
    again = _ask(tmp_path, f"put {_NAME}", _whole(b"second"))
    assert (again.returncode, again.stderr.decode()) == (1, f"{_NAME} finns redan.\n")
    assert (tmp_path / _NAME).read_bytes() == b"first"
    assert os.listdir(tmp_path) == [_NAME]


@pytest.mark.parametrize(
    "stream",
    [b"", b"half", _whole(b"all")[:-1], _whole(b"x", "another")],
    ids=["nothing", "half", "all but the last", "of another name"],
)
def test_a_piece_that_was_cut_off_is_not_kept(tmp_path, stream):
    assert _ask(tmp_path, f"put {_NAME}", stream).returncode == 1
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "wish",
    ["", "ls", "get NAME", "rm NAME", "put ", "put ../x", "put ../NAME", "put NAME x", "put NAME\n",
     "put NAME;ls", "thin"],
)  # fmt: skip
def test_nothing_else_can_be_asked_for(tmp_path, wish):
    done = _ask(tmp_path, wish.replace("NAME", _NAME), _whole(b"x"))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "moment",
    [timedelta(hours=-37), timedelta(hours=1), "99990101T000000.000Z", "00000000T000000.000Z",
     "20270231T013000.000Z", "２０２７0131T013000.000Z"],
)  # fmt: skip
def test_a_piece_of_another_time_is_refused(tmp_path, moment):
    stamp = moment if isinstance(moment, str) else stamp_of(datetime.now(UTC) + moment)
    name = f"{stamp}-full-done.age"
    done = _ask(tmp_path, f"put {name}", _whole(b"x", name))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("late", [timedelta(hours=35), timedelta(minutes=-5)])
def test_a_set_that_took_a_day_and_a_clock_that_is_a_little_ahead_are_taken_in(tmp_path, late):
    name = f"{stamp_of(datetime.now(UTC) - late)}-full-done.age"
    assert _ask(tmp_path, f"put {name}", _whole(b"x", name)).stdout == b"ok\n"


def _set(moment: datetime) -> list[str]:
    parts = ("database", "site", "tips", "settings", "done")
    return [f"{stamp_of(moment)}-full-{part}.age" for part in parts]


def _nights(count: int, now: datetime = _NOW) -> list[str]:
    """A set each night, and each noon a piece of what had changed; the last night is today's."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    names = []
    for ago in range(count):
        names += _set(midnight - timedelta(days=ago))
        noon = stamp_of(midnight - timedelta(days=ago) + timedelta(hours=11))
        names += [f"{noon}-more-site.age", f"{noon}-wal-00000001000000000000000{ago % 10}.age"]
    return names


def _left(names: list[str], now: datetime = _NOW) -> list[str]:
    return sorted(set(names) - set(superfluous(names, now, 35)))


def test_five_weeks_can_be_restored_to_the_second():
    names = _nights(60)
    left = _left(names)
    assert left == sorted(_nights(36))
    assert _left(left) == left


def test_a_site_that_is_gone_keeps_what_it_has():
    names = _nights(60)
    assert _left(names, _NOW + timedelta(days=400)) == _left(names)


def test_a_set_from_a_time_to_come_throws_nothing_away():
    names = _nights(60)
    assert set(_left([*names, *_set(_NOW + timedelta(days=3650))])) >= set(_left(names))


def test_what_is_no_whole_set_and_no_piece_is_left_alone():
    unfinished = [name for name in _set(_NOW) if "done" not in name]
    assert superfluous([*unfinished, "README", ".part-x", "x-full-done.age"], _NOW, 35) == []


def test_the_rule_is_one_command_that_says_what_is_left(tmp_path):
    for name in _nights(60, datetime.now(UTC)):
        (tmp_path / name).touch()
    half = tmp_path / ".part-old"
    half.touch()
    os.utime(half, (0, 0))
    assert keeping.keep_or_thin([str(tmp_path), "thin"]).startswith("36 hela kopior. ")
    assert not half.exists()
    with pytest.raises(keeping.NotKeptError):
        keeping.keep_or_thin([str(tmp_path), "thin", "x"])
