"""Looks for a tip's words where they must not be: in files, also deleted ones, and in what is written."""

import base64
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote


def disguises(marker: str) -> list[bytes]:
    """The marker as it may lie in a file: as bytes, in UTF-16, URL-encoded, in base64, reversed.

    In base64 the beginning of a text decides how the rest is cut: all three ways are looked for,
    without the characters at the ends that depend on the neighbours. No others are left out: so few as
    four would stand by chance somewhere in what hundreds of tests seal.
    """
    plain = marker.encode()
    found = [plain, plain[::-1], marker.encode("utf-16-le"), marker.encode("utf-16-be")]
    found.append("".join(f"%{byte:02X}" for byte in plain).encode())
    found.append(quote(marker).encode())
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
        is_cut = (shift + len(plain)) % 3 > 0
        found.append(coded[(0, 2, 3)[shift] : -1 if is_cut else None])
    return list(dict.fromkeys(found))


def pattern_of(marker: str) -> re.Pattern[bytes]:
    return re.compile(b"|".join(map(re.escape, disguises(marker))))


def leaks_in(marker: str, folders: Iterable[Path], pids: Iterable[int] = ()) -> list[str]:
    """Every file under the folders, and every file the processes hold open, that has the marker."""
    pattern = pattern_of(marker)
    return [
        name
        for name, path in [*_files_under(folders), *_files_held_open(pids)]
        if _holds(path, pattern)
    ]


def traced(strace: str, trace: Path) -> tuple[str, ...]:
    """What runs a program so that each of its writes is noted there."""
    calls = "trace=write,pwrite64,writev,pwritev,pwritev2"
    return (strace, "-f", "-y", "-xx", "-s", "512", "--quiet=all", "-e", calls, "-o", str(trace))


def leaks_in_writes(marker: str, trace: Path) -> list[str]:
    """Each traced system call that wrote the marker to something else than a socket or a pipe.

    The trace is strace's, with `-y` (names of descriptors) and `-xx` (every byte as hex).
    """
    pattern = pattern_of(marker)
    leaks = []
    with trace.open() as lines:
        for line in lines:
            call = re.match(r"(?:\d+ +)?(\w+)\(\d+<([^>]*)>", line)
            if call is None:
                continue
            target = _bytes_in(call[2]).decode(errors="replace")
            if target.startswith(("socket:", "pipe:")):
                continue
            if pattern.search(_bytes_in(line[call.end() :])):
                leaks.append(f"{call[1]} {target}")
    return leaks


def _bytes_in(traced: str) -> bytes:
    return bytes.fromhex("".join(re.findall(r"\\x(\w\w)", traced)))


def _files_under(folders: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in folder.rglob("*"):
            yield str(path), path


def _files_held_open(pids: Iterable[int]) -> Iterator[tuple[str, Path]]:
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = os.readlink(descriptor)
            except FileNotFoundError:
                continue
            if target.startswith("/") and not target.startswith(("/dev/null", "/proc/")):
                yield f"{target} (held open by {pid})", descriptor


def _holds(path: Path, pattern: re.Pattern[bytes]) -> bool:
    if pattern.search(os.fsencode(path)):
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            before = b""
            while chunk := file.read(1 << 20):
                if pattern.search(before + chunk):
                    return True
                before = chunk[-4096:]
    except OSError:
        return False  # gone since it was listed
    return False
