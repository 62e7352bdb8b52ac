"""How static files are stored for visitors: flattened, hashed, compressed."""

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from tips.opener.integrity import sum_of

_IMPORT = re.compile(
    r"""@import\s+url\(["']?(?P<path>[^"')]+)["']?\)\s*(?:layer\((?P<layer>[\w-]+)\))?\s*;"""
)

# What only those read who write the sheets: a fifth of what a first visit would fetch of them.
_FOR_WRITERS = re.compile(r"/\*.*?\*/|(?<=\n)\s+", re.DOTALL)

_RELATIVE_URL = re.compile(r"""url\(["']?(?P<path>(?![a-z]+:|/|#)[^"')]+)["']?\)""")


class FlatStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files, in which a style sheet is one file instead of forty, without comments.

    The source stays plain CSS that a browser can follow (`@import url("x.css") layer(y)`);
    when static files are collected, each import is replaced by what it imports.
    """

    _sheets = ("cms_face", "desk", "login", "newsdesk", "site", "tips")
    flattened = tuple(f"css/{name}.css" for name in _sheets)
    support_js_module_import_aggregation = True
    hashed_files: dict[str, str]

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: object
    ) -> Iterator[tuple[str, str, bool]]:
        if not dry_run:
            for name in self.flattened:
                if name in paths:
                    storage, source = paths[name]
                    with storage.open(source) as file:
                        text = file.read().decode()
                    self.delete(name)
                    self._save(name, ContentFile(flatten_imports(text, name, paths).encode()))
                    paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)
        if dry_run:
            return
        # Here, since a service that serves the files needs none of it: nothing that opens or seals.
        from tips.form import laid_pages
        from tips.handling.desk_words import desk_words
        from tips.keeping.present_keyring import root_or_none
        from tips.opener import desk_pages

        for page in desk_pages.PAGES:
            if page.program in paths:
                root, words = root_or_none(), desk_words()
                text = desk_pages.filled(page, self.url, self.integrity, root, words)
                self._lay(page.name, text)
        # A machine for visitors alone leaves the tip form to the first one.
        if laid_pages.FORM.program in paths and settings.ROLES & {"intake", "editorial"}:
            for place, text in laid_pages.written_pages(self._read):
                self._lay(place, text)

    def save_manifest(self) -> None:
        # In the order of the names, not in that of the disk: two builds are then alike.
        self.hashed_files = dict(sorted(self.hashed_files.items()))
        super().save_manifest()

    def _read(self, name: str) -> bytes:
        with self.open(name) as file:
            octets: bytes = file.read()
        return octets

    def _lay(self, name: str, text: str) -> None:
        """Puts a page in its place whole, last: until then the former one names files that are there."""
        place = Path(self.path(name))
        place.parent.mkdir(exist_ok=True)
        part = place.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.chmod(0o644)
        part.replace(place)

    def integrity(self, name: str) -> str:
        """The sum by which a browser knows that it got the file that the page means."""
        return _sum_of(Path(self.path(self.stored_name(name))))

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        # Pages name no other files than the hashed ones.
        yield from super().compress_files(paths & set(self.hashed_files.values()))


@cache  # a file with a hashed name never changes
def _sum_of(path: Path) -> str:
    return sum_of(path.read_bytes())


def flatten_imports(text: str, name: str, paths: dict[str, tuple[Storage, str]]) -> str:
    """The style sheet with each `@import` replaced by the file it names, in its layer, without comments."""
    folder = posixpath.dirname(name)

    def imported(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, match["path"]))
        storage, source = paths[target]
        with storage.open(source) as file:
            content = _moved(file.read().decode(), posixpath.dirname(target), folder)
        return f"@layer {match['layer']} {{\n{content}}}\n" if match["layer"] else content

    return _FOR_WRITERS.sub("", _IMPORT.sub(imported, text))


def _moved(css: str, old_folder: str, new_folder: str) -> str:
    """The same rules with addresses of files as they must read from another folder."""

    def moved(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(old_folder, match["path"]))
        return f'url("{posixpath.relpath(target, new_folder)}")'

    return _RELATIVE_URL.sub(moved, css)
