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
from typing import IO

from .keeping import stamp_of
from .machine import BackupError, MachinePlaces

_BLOCK = 1024 * 1024


def new_stamp() -> str:
    return stamp_of(datetime.now(UTC))


class Keeper:
    """Sends pieces to where backups are kept: they can be added there, and nothing else."""

    def __init__(self, places: MachinePlaces) -> None:
        self._places = places
        self.digests: dict[str, str] = {}  # of what was sent, by name
        self.sent = 0

    @contextmanager
    def piece(self, name: str, *, part: str, squeeze: bool = True) -> Iterator[IO[bytes]]:
        """What is written here is kept under that name when the block ends well, or not at all."""
        command, environment = self._places.keeper()
        over_ssh = command[0] == "ssh"
        put = subprocess.Popen(
            [*command, f"put {name}"] if over_ssh else command,
            env={**os.environ, **environment, "SSH_ORIGINAL_COMMAND": f"put {name}"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        age = subprocess.Popen(
            ["age", "--encrypt", "--recipients-file", str(self._places.recipients(part))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        programs, first = [age], age.stdin
        if squeeze:
            zstd = subprocess.Popen(
                ["zstd", "--quiet", "--stdout", "-"], stdin=subprocess.PIPE, stdout=age.stdin
            )
            programs, first = [zstd, age], zstd.stdin
            end_of(age.stdin).close()
        digest = hashlib.sha256()
        sender = threading.Thread(
            target=self._pass_on, args=(end_of(age.stdout), end_of(put.stdin), digest)
        )
        sender.start()
        is_whole = False
        try:
            yield end_of(first)
            end_of(first).close()
            is_whole = _ended_well(programs)
        except BrokenPipeError as error:
            raise BackupError(f"{name} kunde inte låsas.") from error
        finally:
            for program in programs:
                program.kill()
                program.wait()
            with contextlib.suppress(OSError):
                end_of(first).close()
            sender.join()
            end_of(age.stdout).close()
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
        self.digests[name] = digest.hexdigest()

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


def _ended_well(programs: list[subprocess.Popen[bytes]]) -> bool:
    codes = [program.wait() for program in programs]
    return not any(codes)


def end_of(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("Not a pipe.")
    return pipe


@contextmanager
def opened(path: Path, identity: bytes, *, squeezed: bool = True) -> Iterator[IO[bytes]]:
    """What a piece holds. The key stays in memory."""
    damaged = BackupError(f"{path.name} är skadad, eller så öppnar nyckeln den inte.")
    age = subprocess.Popen(
        ["age", "--decrypt", "--identity", "-", str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    programs, last = [age], end_of(age.stdout)
    if squeezed:
        zstd = subprocess.Popen(
            ["zstd", "--quiet", "--decompress", "--stdout", "-"],
            stdin=age.stdout, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        programs, last = [age, zstd], end_of(zstd.stdout)
        end_of(age.stdout).close()
    try:
        with contextlib.suppress(OSError):
            end_of(age.stdin).write(identity)
            end_of(age.stdin).close()
        yield last
        while last.read(_BLOCK):
            pass
        if not _ended_well(programs):
            raise damaged
    except (tarfile.TarError, EOFError, json.JSONDecodeError) as error:
        raise damaged from error
    finally:
        for program in programs:
            program.kill()
            program.wait()
        last.close()


def digest_of_piece(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
