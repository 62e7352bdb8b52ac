"""How well questions were answered."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from .questions import Question

AMONG = 5  # nobody looks further down


@dataclass(frozen=True)
class Answer:
    """The addresses that a question gave, the best first, and how long it took."""

    addresses: tuple[str, ...]
    ms: float

    def place_of(self, question: Question) -> int | None:
        """Where the first right one stands, counted from 1; None if it is not there."""
        places = (at for at, each in enumerate(self.addresses, 1) if each in question.expected)
        return next(places, None)


@dataclass(frozen=True)
class Figures:
    """What came of some questions: shares in per cent, times in milliseconds."""

    questions: int
    first: float
    among_five: float
    none: float
    median: float
    slow: float  # the 95th percentile


def figures(questions: Sequence[Question], answers: Sequence[Answer]) -> Figures:
    """The figures of answers that stand in the order of their questions."""
    pairs = list(zip(questions, answers, strict=True))
    places = [answer.place_of(question) for question, answer in pairs]

    def share(of: Sequence[bool]) -> float:
        return 100 * sum(of) / len(of)

    times = sorted(answer.ms for answer in answers)
    return Figures(
        questions=len(pairs),
        first=share([place == 1 for place in places]),
        among_five=share([place is not None and place <= AMONG for place in places]),
        none=share([not answer.addresses for answer in answers]),
        median=statistics.median(times),
        slow=times[math.ceil(0.95 * len(times)) - 1],
    )


def different(some: Sequence[Answer], others: Sequence[Answer]) -> int:
    """How many questions were answered with other addresses, or with the same in another order."""
    pairs = zip(some, others, strict=True)
    return sum(one.addresses != other.addresses for one, other in pairs)
