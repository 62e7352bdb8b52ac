"""How fast the machine is just now: bounds on work done hold on a slow or busy one too."""

import os
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from time import monotonic, process_time, sleep

USUAL = 0.02  # CPU seconds of `_work` where the bounds were set
_SLOWEST = 6  # times: no bound is stretched further


def cpu_seconds(call: Callable[[], object]) -> float:
    """The CPU seconds that a call takes, as a machine of the usual speed would count them."""
    took = _seconds(call)
    return took if took < USUAL else took / _within(_seconds(_work) / USUAL)


def times_slower() -> float:
    """How many times slower than usual this machine is with all its cores at work."""
    cores = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(cores) as processes:
        took = sorted(processes.map(_seconds, [_work] * cores * 8))
    return _within(took[len(took) // 2] / USUAL)


def until(holds: Callable[[], object], seconds: float = 60) -> float:
    """Waits for what another thread or program does, as long as a slow machine may need; how long it took."""
    began = monotonic()
    while not holds():
        assert monotonic() - began < seconds, "it did not come"
        sleep(0.02)
    return monotonic() - began


def _within(times: float) -> float:
    return min(max(1, times), _SLOWEST)


def _seconds(call: Callable[[], object]) -> float:
    began = process_time()
    call()
    return process_time() - began


def _work() -> None:
    """What our code does: it looks through text, cuts it, and counts words."""
    text = "Vi skyddar Sverige och demokratin. " * 400
    counts: dict[str, int] = {}
    for _round in range(24):
        for word in re.findall(r"\w+", text):
            counts[word.lower()] = counts.get(word.lower(), 0) + 1
        re.sub(r"([a-z])\1", r"\1", text)
