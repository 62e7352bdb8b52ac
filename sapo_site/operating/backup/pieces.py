"""A piece of a backup: a stream that is sealed to keys which are not here, under a name of its own."""

import contextlib
import hashlib
import json
import os
import subprocess
import tarfile
import threading
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
_SEAL = 'zstd --quiet --stdout - | age --encrypt --recipients-file "$0"'
_OPEN = 'age --decrypt --identity - "$0" | zstd --quiet --decompress --stdout -'


def new_stamp() -> str:
    return stamp_of(datetime.now(UTC))


class Keeper:
    """Sends pieces to where backups are kept: they can be added there, and nothing else."""

    def __init__(self, places: MachinePlaces) -> None:
        self._places = places
        self.sent = 0

    @contextmanager
    def piece(self, name: str, *, part: str) -> Iterator[IO[bytes]]:
        """What is written here is kept under that name when the block ends well, or not at all."""
        command, environment = self._places.keeper(name)
        sealing = [*_SHELL, _SEAL, str(self._places.recipients(part))]
        put = subprocess.Popen(
            command, env={**os.environ, **environment}, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
        seal = subprocess.Popen(sealing, stdin=PIPE, stdout=PIPE)
        digest, is_whole = hashlib.sha256(), False
        ends = end_of(seal.stdout), end_of(put.stdin), digest
        sender = threading.Thread(target=self._pass_on, args=ends)
        sender.start()
        try:
            yield end_of(seal.stdin)
            end_of(seal.stdin).close()
            is_whole = seal.wait() == 0
        except BrokenPipeError as error:
            raise BackupError(f"{name} kunde inte låsas.") from error
        finally:
            with contextlib.suppress(OSError):
                end_of(seal.stdin).close()
            sender.join()
            end_of(seal.stdout).close()
            seal.wait()
            with contextlib.suppress(OSError):
                # Without its digest nobody keeps it.
                end_of(put.stdin).write(f"{digest.hexdigest()}\n".encode() if is_whole else b"")
                end_of(put.stdin).close()
            put.stdin = None
            said, why = put.communicate()
        if not is_whole:
            raise BackupError(f"{name} kunde inte låsas.")
        if put.returncode or said.strip() != b"ok":
            lines = why.decode(errors="replace").strip().splitlines() or ["inget svar"]
            raise BackupError(f"{name} togs inte emot: {lines[-1]}")

    def _pass_on(self, source: IO[bytes], target: IO[bytes], digest: "hashlib._Hash") -> None:
        """Reads to the end also where nobody takes it any more, so that no program hangs."""
        is_taken = True
        while block := source.read(_BLOCK):
            digest.update(block)
            self.sent += len(block)
            if is_taken:
                try:
                    target.write(block)
                except OSError:
                    is_taken = False


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
