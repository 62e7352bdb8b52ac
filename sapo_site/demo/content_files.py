"""The demo's content files: TOML, by language and address."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pages.content.tree.addresses import prefix_of

CONTENT = Path(__file__).parent / "content"


class ContentTable(dict[str, Any]):
    """A table of a content file, which remembers what of it has been asked for."""

    def __init__(self, said: dict[str, Any]) -> None:
        super().__init__({name: _as_entry(value) for name, value in said.items()})
        self.asked: set[object] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)

    def unread(self) -> Iterator[str]:
        """The names that nobody has asked for, such as one that is spelt wrong or stands in the wrong table."""
        yield from (name for name in self if name not in self.asked)
        for value in self.values():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, ContentTable):
                    yield from each.unread()


def _as_entry(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_entry(each) for each in value]
    return ContentTable(value) if isinstance(value, dict) else value


@dataclass(frozen=True)
class PageFile:
    """The content of one page: its place in the tree, and its file."""

    locale: str
    path: tuple[str, ...]
    content: ContentTable

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
            yield PageFile(locale, path, ContentTable(tomllib.loads(file.read_text())))


def order_in_tree(file: PageFile) -> tuple[int, int, str]:
    return (0 if file.locale == "sv" else 1, file.content.get("order", 1000), file.address)


def table(name: str, key: str) -> list[dict[str, Any]]:
    return tomllib.loads((CONTENT / name).read_text())[key]
