"""Measures targets in turn, round after round, and compares them within each round."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .load import Load, Target, load
from .servers import Failed

_WARM_UP_SECONDS = 1
# What takes longer than this to answer is asked for longer, so that enough answers come.
_SLOW_SECONDS, _SECONDS_FOR_SLOW = 0.05, 6


@dataclass
class Results:
    """What came of each target's turns; a target that failed is in none."""

    lengths: dict[str, int] = field(default_factory=dict)
    turns: dict[str, list[Load]] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.turns

    def median(self, name: str, what: str) -> float:
        return statistics.median(getattr(turn, what) for turn in self.turns[name])

    def ratio(self, name: str, other: str, what: str = "cpu_us") -> float | None:
        """The median of the rounds' own ratios: what disturbs a round disturbs both in it."""
        if name not in self or other not in self:
            return None
        pairs = zip(self.turns[name], self.turns[other], strict=True)
        return statistics.median(getattr(a, what) / getattr(b, what) for a, b in pairs)


def measure(
    targets: Iterable[Target], *, rounds: int, seconds: int, say: Callable[[str], None]
) -> Results:
    """Every target in turn, so many times; one that fails is left out from then on."""
    results = Results()
    left = list(targets)
    for number in range(rounds):
        for target in list(left):
            try:
                started = time.monotonic()
                length = target.length()
                is_slow = time.monotonic() - started > 2 * _SLOW_SECONDS
                if number == 0 and not is_slow:
                    load(target, length, _WARM_UP_SECONDS)
                turn = load(target, length, max(seconds, _SECONDS_FOR_SLOW if is_slow else 0))
            except Failed as error:
                say(f"{target.name}: {error}. Utelämnas.")
                left.remove(target)
                results.turns.pop(target.name, None)
                continue
            results.lengths[target.name] = length
            results.turns.setdefault(target.name, []).append(turn)
    return results
