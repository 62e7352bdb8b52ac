"""Tables that read the same on a screen and in docs/performance.md, and what must be met."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
    """A heading, column names and rows of what is already text."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.columns))]
        # The first column is names, the others figures.
        edges = [f"{'-' * widths[0]}", *(f"{'-' * (width - 1)}:" for width in widths[1:])]
        text = [f"### {self.title}", ""]
        for line in (self.columns, edges, *self.rows):
            first = line[0].ljust(widths[0])
            others = [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
            text.append(f"| {' | '.join([first, *others])} |")
        return "\n".join([*text, *([""] if self.notes else []), *self.notes])


@dataclass(frozen=True)
class Aim:
    """Something that is to hold, and what came of it; None where it could not be measured."""

    text: str
    value: float | None
    limit: float
    at_least: bool = False

    @property
    def is_met(self) -> bool | None:
        if self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def row(self) -> Sequence[str]:
        sign = "≥" if self.at_least else "≤"
        said = {True: "met", False: "**not met**", None: "not measured"}[self.is_met]
        value = "–" if self.value is None else number(self.value)
        return (self.text, f"{sign} {number(self.limit)}", value, said)


def aims_table(aims: Sequence[Aim]) -> Table:
    return Table("Aims", ("aim", "limit", "now", ""), [aim.row() for aim in aims])


def number(value: float | None) -> str:
    """With as many digits as mean something."""
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}".replace(",", " ")
    if value >= 10:
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.2f}".removesuffix("0").removesuffix(".0")
