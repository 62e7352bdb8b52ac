"""Reads what is to be imported: a table of files and addresses, a folder, or one file."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext as _

from pages.content.models import NewsKind
from pages.importing.documents import RefusedError
from pages.importing.sniff import ARTICLE_ENDINGS

# The columns, by the names that people give them.
_COLUMNS = {
    "fil": "file",
    "under": "parent",
    "adress": "address",
    "typ": "kind",
    "rubrik": "title",
    "ämnen": "topics",
    "ändrad": "changed",
    "publicerad": "published",
    "språk": "language",
}
ARTICLE = "article"
_KINDS = {
    "": "",
    "artikel": ARTICLE,
    "nyhet": NewsKind.NEWS,
    "pressmeddelande": NewsKind.PRESS_RELEASE,
    "pressinbjudan": NewsKind.PRESS_INVITATION,
}


@dataclass(frozen=True)
class ImportRow:
    """One file to import, as the row of a table says it. What it says wrongly raises RefusedError."""

    number: int
    name: str
    folder: Path
    said: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.said.get(column, "")

    @cached_property
    def path(self) -> Path:
        """The file, which lies in the folder of the table or below it."""
        if not self.name:
            raise RefusedError(_("The row names no file."))
        try:
            path = (self.folder / self.name).resolve()
            is_file = path.is_file()
        except (OSError, ValueError):  # a name that no file can have
            path, is_file = self.folder.resolve(), False
        if not path.is_relative_to(self.folder.resolve()):
            raise RefusedError(
                _("The file %(name)s lies outside the folder.") % {"name": self.name}
            )
        if not is_file:
            raise RefusedError(_("The file %(name)s does not exist.") % {"name": self.name})
        return path

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the file."""
        try:
            with self.path.open("rb") as file:
                found = sha256()
                while piece := file.read(1024 * 1024):
                    found.update(piece)
        except OSError as error:
            raise RefusedError(
                _("The file %(name)s cannot be read.") % {"name": self.name}
            ) from error
        return found.hexdigest()

    @cached_property
    def kind(self) -> str:
        """`ARTICLE`, a `NewsKind`, or empty for a page of the kind that may lie there."""
        kind = _KINDS.get(self["kind"].casefold())
        if kind is None:
            kinds = ", ".join(filter(None, _KINDS))
            raise RefusedError(
                _("There is no kind “%(kind)s”: choose among %(kinds)s.")
                % {"kind": self["kind"], "kinds": kinds}
            )
        return kind

    def place(self, parent: str) -> tuple[str, str]:
        """The address of the page above, and the last part of its own if that is given."""
        address = self["address"].strip()
        above, slug = self["parent"] or parent, address.strip("/")
        if "/" in slug:
            above, slug = f"/{slug.rpartition('/')[0]}/", slug.rpartition("/")[2]
        elif address.startswith("/") and slug and not self["parent"]:
            above = "/"
        if not above:
            raise RefusedError(_("The row says no address to put the page at."))
        if slug and not re.fullmatch(r"[a-z0-9-]+", slug):
            raise RefusedError(
                _("“%(slug)s” cannot be part of an address: use a to z, digits and hyphens.")
                % {"slug": slug}
            )
        return above, slug


def rows_in(path: Path) -> list[ImportRow]:
    """What a table, a folder or a file wants imported, in its order. Raises RefusedError for the whole."""
    if path.is_dir():
        rows = list(_rows_of_folder(path))
    elif path.suffix.lower() in ARTICLE_ENDINGS:
        rows = [ImportRow(0, path.name, path.parent, {})]
    elif path.is_file():
        rows = list(_rows_of_table(path))
    else:
        raise RefusedError(_("%(path)s does not exist.") % {"path": path})
    if not rows:
        raise RefusedError(_("%(path)s names no file to import.") % {"path": path})
    return rows


def _rows_of_folder(folder: Path) -> Iterator[ImportRow]:
    """Each file that can become a page; pictures come along with the pages that show them."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_hidden = any(part.startswith((".", "~$")) for part in name.split("/"))
        if path.is_file() and not is_hidden and path.suffix.lower() in ARTICLE_ENDINGS:
            yield ImportRow(0, name, folder, {})


def _rows_of_table(path: Path) -> Iterator[ImportRow]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RefusedError(_("The table %(path)s cannot be read.") % {"path": path}) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # as Excel writes it
    if "\0" in text:  # in two bytes for each sign; the database has no place for it
        raise RefusedError(_("The table %(path)s cannot be read.") % {"path": path})
    head = text.partition("\n")[0]
    separator = max(";\t,", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        columns = [_column(name) for name in next(reader, [])]
        if "file" not in columns:
            raise RefusedError(_("The table %(path)s has no column “fil”.") % {"path": path})
        for cells in reader:
            said = dict(zip(columns, (each.strip() for each in cells), strict=False))
            if any(said.values()):
                yield ImportRow(reader.line_num, said.get("file", ""), path.parent, said)
    except csv.Error as error:
        raise RefusedError(_("The table %(path)s cannot be read.") % {"path": path}) from error


def _column(name: str) -> str:
    column = _COLUMNS.get(name.strip().casefold())
    if column is None:
        names = ", ".join(_COLUMNS)
        raise RefusedError(
            _("There is no column “%(name)s”: choose among %(names)s.")
            % {"name": name.strip(), "names": names}
        )
    return column
