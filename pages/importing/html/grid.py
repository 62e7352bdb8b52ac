"""Reads tables that have rows and columns."""

from collections.abc import Iterator, Sequence

from bs4 import Tag
from django.utils.translation import gettext as _

from ..documents import Notes, Table, text_of
from ..list_items import lines_of_list
from ..sniff import MAX_DEPTH, MAX_PARAGRAPHS, too_long
from .inline import InlineReader
from .lists import is_list, read_lines

Rows = list[list[Tag]]


def cells_of(table: Tag) -> Rows:
    """The cells of a table, row by row; not those of tables within it."""
    rows = [row for row in table.find_all("tr") if _table_of(row) is table]
    cells = [row.find_all(["td", "th"], recursive=False) for row in rows]
    return [list(row) for row in cells if row]


def _table_of(row: Tag) -> Tag | None:
    return next((each for each in row.parents if each.name == "table"), None)


def is_grid(table: Tag, rows: Rows) -> bool:
    """Whether a table says something by its rows and columns, rather than places text."""
    cells = [cell for row in rows for cell in row]
    holding_tables = sum(cell.table is not None for cell in cells)
    is_for_looks = table.get("role") in ("presentation", "none") or 2 * holding_tables >= len(cells)
    return not is_for_looks and len(rows) > 1 and max(map(len, rows)) > 1


def read_grid(rows: Rows, caption: str, inline: InlineReader, notes: Notes) -> Table:
    """The table; the text of a merged cell stands in each of its places. Raises RefusedError."""
    cells = _places_of(rows, inline, notes)
    width = 1 + max(x for _y, x in cells)
    if width * len(rows) > MAX_PARAGRAPHS:
        raise too_long()
    grid = [[cells.get((y, x), ("", False)) for x in range(width)] for y in range(len(rows))]
    return Table(
        tuple(tuple(text for text, _is_header in row) for row in grid),
        _header_choice([[is_header for _text, is_header in row] for row in grid], notes),
        caption,
    )


def _places_of(
    rows: Rows, inline: InlineReader, notes: Notes
) -> dict[tuple[int, int], tuple[str, bool]]:
    """What stands in each row and column, and whether it is a header."""
    found: dict[tuple[int, int], tuple[str, bool]] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in found:
                x += 1
            text = "\n".join(_lines_in(cell, inline, notes))
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            down = min(down, len(rows) - y)
            if x + across > MAX_DEPTH or len(found) + across * down > MAX_PARAGRAPHS:
                raise too_long()
            if across * down > 1:
                notes.check(_("Merged cells of a table have been divided."))
            for place in ((y + dy, x + dx) for dy in range(down) for dx in range(across)):
                found[place] = text, cell.name == "th"
            x += across
    return found


def _lines_in(cell: Tag, inline: InlineReader, notes: Notes) -> Iterator[str]:
    """The lines of a cell, which holds text and nothing else."""
    for line in read_lines(cell, inline):
        if not is_list(line):
            yield from filter(None, [text_of(line)])
            continue
        notes.check(_("Lists in a table have become lines of text."))
        yield from lines_of_list(line)


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return min(max(int(value), 1), MAX_DEPTH) if value.isdecimal() and len(value) < 5 else 1


def _header_choice(headers: Sequence[Sequence[bool]], notes: Notes) -> str:
    in_row = all(headers[0][1:])
    in_column = all(row[0] for row in headers[1:])
    if in_row and in_column:
        return "both"
    if not in_row and not in_column:
        notes.check(
            _("A table did not say which cells are headers: its first row has become the header.")
        )
    return "column" if in_column else "row"
