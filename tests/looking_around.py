"""What code tries that has taken over the child: `look_around` tells what it got, as a job of the child's.

It stands in the code, and needs no Django, so that a reader of another user can be told to run it.
"""

import os
import socket
from collections.abc import Iterator
from pathlib import Path


def look_around(
    paths: list[str], places: list[str], sockets: list[str], port: int, signalled: int
) -> dict[str, object]:
    """Each file, folder, process and socket of others that it reached, and where it wrote."""
    others = [each for each in os.listdir("/proc") if each.isdecimal() and int(each) != os.getpid()]
    tried = [
        *(("reads", each, lambda each=each: _read(Path(each))) for each in paths),
        *(("reads", f"/proc/{each}/{file}", lambda each=each, file=file: _read(Path("/proc", each, file)))
          for each in others for file in ("environ", "mem", "fd", "cwd", "root")),
        *(("writes", each, lambda each=each: _write(Path(each, "sapo-tried-this"))) for each in places),
        *(("reaches", each, lambda each=each: _reach(socket.AF_UNIX, each)) for each in sockets),
        ("reaches", "127.0.0.1", lambda: _reach(socket.AF_INET, ("127.0.0.1", port))),
        ("reaches", "::1", lambda: _reach(socket.AF_INET6, ("::1", port))),
        ("ends", str(signalled), lambda: os.kill(signalled, 0)),
        ("starts", "a process", os.fork),
    ]  # fmt: skip
    return {"got": list(_succeeded(tried)), "user": os.getuid(), "environment": sorted(os.environ)}


def _succeeded(tried: list) -> Iterator[str]:
    for how, what, attempt in tried:
        try:
            attempt()
        except OSError:
            continue
        yield f"{how} {what}"


def _read(path: Path) -> None:
    if path.is_dir():
        os.listdir(path)
    else:
        path.open("rb").close()


def _write(path: Path) -> None:
    path.write_text("x")
    path.unlink()


def _reach(family: int, address: object) -> None:
    with socket.socket(family) as end:
        end.settimeout(5)
        end.connect(address)
