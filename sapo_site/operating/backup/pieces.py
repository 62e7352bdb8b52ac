"""A piece of a backup: a stream that is sealed to keys which are not here, under a name of its own."""

import contextlib
import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO

from .keeping import stamp_of
from .machine import BackupError, MachinePlaces

_BLOCK = 1024 * 1024
# bash, since a fault of the first program must be one of the whole.
_SHELL = ["bash", "-o", "pipefail", "-c"]
_SEND = (
    '{ zstd --quiet --stdout - | age --encrypt --recipients-file "$0" && cat <&"$1"; } | "${@:2}"'
)
_OPEN = 'age --decrypt --identity - "$0" | zstd --quiet --decompress --stdout -'


def new_stamp() -> str:
    return stamp_of(datetime.now(UTC))


@contextmanager
def new_piece(places: MachinePlaces, name: str, *, part: str) -> Iterator[IO[bytes]]:
    """What is written here is kept under that name when the block ends well, or not at all.

    The name is the end by which the keeper knows that all has come.
    """
    command, environment = places.keeper(name)
    from_here, to_shell = os.pipe()
    sealing = subprocess.Popen(
        [*_SHELL, _SEND, str(places.recipients(part)), str(from_here), *command],
        env={**os.environ, **environment},
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        pass_fds=[from_here],
    )
    os.close(from_here)
    try:
        with open(to_shell, "w") as end, contextlib.suppress(BrokenPipeError):
            yield end_of(sealing.stdin)
            end.write(f"{name}\n")
    finally:
        said, why = sealing.communicate()
    if sealing.returncode or said.strip() != b"ok":
        lines = why.decode(errors="replace").strip().splitlines() or ["inget svar"]
        raise BackupError(f"{name} togs inte emot: {'; '.join(lines)}")


def end_of(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("Not a pipe.")
    return pipe


@contextmanager
def opened(path: Path, identity: bytes) -> Iterator[IO[bytes]]:
    """What a piece holds. The key stays in memory."""
    if not path.exists():
        raise BackupError(f"{path.name} saknas.")
    damaged = BackupError(f"{path.name} är skadad, eller så öppnar nyckeln den inte.")
    opening = subprocess.Popen([*_SHELL, _OPEN, str(path)], stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
    stream = end_of(opening.stdout)
    try:
        with contextlib.suppress(OSError):
            end_of(opening.stdin).write(identity)
            end_of(opening.stdin).close()
        yield stream
        while stream.read(_BLOCK):
            pass
        if opening.wait():
            raise damaged
    except (tarfile.TarError, EOFError, json.JSONDecodeError) as error:
        raise damaged from error
    finally:
        stream.close()
        opening.wait()
