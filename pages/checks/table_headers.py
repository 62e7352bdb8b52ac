"""Tables that nobody can follow with a screen reader."""

from collections.abc import Iterator

from django.utils.translation import gettext

from .checked_content import Content
from .findings import ContentCheck, Finding


class TableHeaders(ContentCheck):
    name = "table_headers"

    def find(self, content: Content) -> Iterator[Finding]:
        for table in content.tables:
            if not table.has_headers:
                yield self.finding(
                    table.spot,
                    title=gettext("The table has no headers"),
                    why=gettext(
                        "Without headers nobody can follow the table with a screen reader."
                    ),
                    fix=gettext("Say which row or column holds the headers."),
                    words=table.caption,
                )
