"""Tables that nobody can follow with a screen reader, or that are not filled in."""

from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import ShownTable

_MOST_TOLD = 5


class TableHeaders(ContentCheck):
    name = "table_headers"

    def find(self, content: Content) -> Iterator[Finding]:
        for table in content.tables:
            if table.is_empty:
                yield self._empty(table)
            elif not table.has_headers:
                yield self.finding(
                    table.spot,
                    title=gettext("The table has no headers"),
                    why=gettext(
                        "Without headers nobody can follow the table with a screen reader."
                    ),
                    fix=gettext("Say which row or column holds the headers."),
                    words=table.caption,
                )

    def _empty(self, table: ShownTable) -> Finding:
        return self.finding(
            table.spot,
            title=gettext("The table is empty"),
            why=gettext("None of its cells holds anything."),
            fix=gettext("Fill it in, or take it out."),
            words=table.caption,
        )


class EmptyCells(ContentCheck):
    name = "empty_cells"
    colour = Colour.AMBER
    title = _("Empty cells in the table")
    why = _("Empty: %(cells)s%(more)s.")
    fix = _("Fill them in, or write a dash where there is nothing to tell.")

    def find(self, content: Content) -> Iterator[Finding]:
        for table in content.tables:
            if table.is_empty or not (empty := table.empty_cells):
                continue
            told = [gettext("row %d, column %d") % each for each in empty[:_MOST_TOLD]]
            more = len(empty) - len(told)
            yield self.finding(
                table.spot,
                words=table.caption,
                said={
                    "cells": "; ".join(told),
                    "more": gettext(" and %d more") % more if more else "",
                },
            )
