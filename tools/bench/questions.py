"""Questions for the search with the pages that ought to answer them, and how well they were answered.

Each line of a file: question <tab> sv or en, the site on which it is asked <tab> addresses, blanks
between. An address is that of a page ("/en/news/") or "file:" and the name of a file.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "questions"
SETS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
)  # by people who knew no others', nor the search
# The sixth is held out: nothing is tuned on it.
FILE = "file:"
AMONG = 5  # nobody looks further down


@dataclass(frozen=True)
class Question:
    """What somebody types, and where it ought to lead; any of the addresses will do."""

    text: str
    language: str
    expected: tuple[str, ...]


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

    first: float
    among_five: float
    none: float
    median: float
    slow: float  # the 95th percentile


def read_all() -> list[Question]:
    """The questions of all sets."""
    return [question for name in SETS for question in read(FOLDER / f"{name}.tsv")]


def read(path: Path) -> list[Question]:
    found = []
    for line in path.read_text().splitlines():
        text, language, addresses = line.split("\t")
        found.append(Question(text, language, tuple(addresses.split())))
    return found


def figures(questions: Sequence[Question], answers: Sequence[Answer]) -> Figures:
    """The figures of answers that stand in the order of their questions."""
    pairs = list(zip(questions, answers, strict=True))
    places = [answer.place_of(question) for question, answer in pairs]

    def share(of: Sequence[bool]) -> float:
        return 100 * sum(of) / len(of)

    times = sorted(answer.ms for answer in answers)
    return Figures(
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
