"""Work in a process of its own, which leaves nothing behind but what it says."""

import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable

_END, _FAULT = "\0", "!"
# As long may one wait that takes no processor: on a lock that nobody lets go of.
_STANDSTILL = 120.0


class ToolFault(Exception):
    """The work itself went wrong: that says nothing of the mutant."""


def in_child(work: Callable[[], str], seconds: float) -> str:
    """What the work says; nothing when its process dies, or takes more seconds of a processor."""
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
        # Not until all have closed it: what the tests have started may live on.
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
    except ProcessLookupError:  # it has not come so far as to lead a group
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
