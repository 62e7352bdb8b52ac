"""The demo's content files: TOML, by language and address."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pages.content.tree.addresses import prefix_of

# A table of a content file, or a block that is made of one.
Entry = dict[str, Any]

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True)
class PageFile:
    """The content of one page: its place in the tree, and its file."""

    locale: str
    path: tuple[str, ...]
    content: Entry

    @property
    def address(self) -> str:
        return f"{prefix_of(self.locale)}/" + "".join(f"{part}/" for part in self.path)


def picture_file(name: str) -> Path:
    return CONTENT / "pictures" / f"{name}.webp"


def content_files() -> Iterator[PageFile]:
    for locale in ("sv", "en"):
        for file in sorted((CONTENT / locale).rglob("*.toml")):
            path = file.relative_to(CONTENT / locale).with_suffix("").parts
            path = path[:-1] if path[-1] == "index" else path
            yield PageFile(locale, path, tomllib.loads(file.read_text()))


def order_in_tree(file: PageFile) -> tuple[int, int, str]:
    return (0 if file.locale == "sv" else 1, file.content.get("order", 1000), file.address)


def table(name: str, key: str) -> list[Entry]:
    return tomllib.loads((CONTENT / name).read_text())[key]
