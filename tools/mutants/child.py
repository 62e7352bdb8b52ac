"""Runs work in a child process, which leaves nothing behind but its answer."""

import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable

_END, _FAULT = "\0", "!"
# How long a child may wait without using the processor, as for a lock that nobody releases.
_STANDSTILL = 120.0


class ToolFault(Exception):
    """The work itself failed, which says nothing about the mutant."""


def in_child(work: Callable[[], str], seconds: float) -> str:
    """The work's answer; "" when its process dies, or uses more seconds of processor time."""
    ear, mouth = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, resource.RLIM_INFINITY))
        _work(work, mouth)
    os.close(mouth)
    try:
        told = _hear(ear, time.monotonic() + _STANDSTILL + 10 * seconds)
    finally:
        os.close(ear)
        _end(child)
    if told.startswith(_FAULT):
        raise ToolFault(told.removeprefix(_FAULT))
    return told


def _work(work: Callable[[], str], mouth: int) -> None:
    os.setsid()
    try:
        told = work()
    except BaseException:
        told = _FAULT + traceback.format_exc()
    octets = (told + _END).encode("utf-8", "replace")
    while octets:
        octets = octets[os.write(mouth, octets) :]
    os._exit(0)


def _hear(ear: int, deadline: float) -> str:
    heard = b""
    while not heard.endswith(_END.encode()):
        # Does not wait for the end of the pipe: programs that the tests started may keep it open.
        if not select.select([ear], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return ""
        piece = os.read(ear, 1 << 16)
        if not piece:
            return ""
        heard += piece
    return heard.decode().removesuffix(_END)


def _end(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:  # it died before it led a group of its own
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
