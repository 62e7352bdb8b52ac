"""How static files are stored for visitors: flattened, hashed, compressed."""

import posixpath
import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha384
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from tips.opener import login_page

_IMPORT = re.compile(
    r"""@import\s+url\(["']?(?P<path>[^"')]+)["']?\)\s*(?:layer\((?P<layer>[\w-]+)\))?\s*;"""
)

_RELATIVE_URL = re.compile(r"""url\(["']?(?P<path>(?![a-z]+:|/|#)[^"')]+)["']?\)""")


class FlatStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files, in which a style sheet is one file instead of forty.

    The source stays plain CSS that a browser can follow (`@import url("x.css") layer(y)`);
    when static files are collected, each import is replaced by what it imports.
    """

    flattened = ("css/desk.css", "css/login.css", "css/site.css", "css/tips.css")
    support_js_module_import_aggregation = True
    hashed_files: dict[str, str]

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
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
        if login_page.PROGRAM in paths and not dry_run:
            self._write_login_page()

    def save_manifest(self) -> None:
        # In the order of the names, not in that of the disk: two builds are then alike.
        self.hashed_files = dict(sorted(self.hashed_files.items()))
        super().save_manifest()

    def _write_login_page(self) -> None:
        """Puts it in its place whole, last: until then the former one names files that are there."""
        with self.open(login_page.PROGRAM) as program:
            text = login_page.filled(self.url, program.read())
        page = Path(self.path(login_page.NAME))
        page.parent.mkdir(exist_ok=True)
        part = page.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.chmod(0o644)
        part.replace(page)

    def integrity(self, name: str) -> str:
        """The sum by which a browser knows that it got the file that the page means."""
        return _sum_of(Path(self.path(self.stored_name(name))))

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        # Pages name no other files than the hashed ones.
        yield from super().compress_files(paths & set(self.hashed_files.values()))


@cache  # a file with a hashed name never changes
def _sum_of(path: Path) -> str:
    return f"sha384-{b64encode(sha384(path.read_bytes()).digest()).decode()}"


def flatten_imports(text: str, name: str, paths: dict[str, Any]) -> str:
    """The style sheet with each `@import` replaced by the file it names, in its layer."""
    folder = posixpath.dirname(name)

    def imported(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, match["path"]))
        storage, source = paths[target]
        with storage.open(source) as file:
            content = _moved(file.read().decode(), posixpath.dirname(target), folder)
        return f"@layer {match['layer']} {{\n{content}}}\n" if match["layer"] else content

    return _IMPORT.sub(imported, text)


def _moved(css: str, old_folder: str, new_folder: str) -> str:
    """The same rules with addresses of files as they must read from another folder."""

    def moved(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(old_folder, match["path"]))
        return f'url("{posixpath.relpath(target, new_folder)}")'

    return _RELATIVE_URL.sub(moved, css)
