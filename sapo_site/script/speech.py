"""How `./sapo` speaks, and ends."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import NoReturn


def long_step(text: str, command: Sequence[str], folder: str | None = None) -> None:
    """Runs a command quietly, showing how long it takes; stops with its last lines if it fails."""
    started = time.monotonic()
    moving = sys.stdout.isatty()
    if not moving:
        print(f"{text} …", end="", flush=True)
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            close_fds=False,  # a child that outlives ./sapo goes on holding the lock
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            while True:
                if moving:
                    print(f"\r{text} … {int(time.monotonic() - started)} s", end="", flush=True)
                try:
                    process.wait(timeout=1)
                    break
                except subprocess.TimeoutExpired:
                    pass
        except KeyboardInterrupt:
            process.wait()
            raise
        beginning = f"\r{text} …" if moving else ""
        print(f"{beginning} {swedish(time.monotonic() - started)} s")
        if process.returncode != 0:
            log.seek(0)
            lines = log.read().decode("utf-8", "replace").splitlines()
            stop("\n".join([*lines[-25:], f"{text} gick inte."]))


def swedish(seconds: float) -> str:
    """The number with one decimal, after a comma."""
    return f"{seconds:.1f}".replace(".", ",")


def clear_away(path: str) -> None:
    """Removes a file or a whole folder, if it is there."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


def replace_process(command: list[str]) -> NoReturn:
    """Becomes the command: its exit code and its signals are then ours."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)


def stop(message: str, exit_code: int = 1) -> NoReturn:
    sys.stdout.flush()
    print(message, file=sys.stderr)
    sys.exit(exit_code)
