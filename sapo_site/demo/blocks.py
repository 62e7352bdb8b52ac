"""Makes stored blocks from the demo's content files."""

import uuid
from collections.abc import Callable, Iterable

from wagtail.models import Locale

from pages.content.blocks.text import PROSE_FEATURES, TEXT_FEATURES
from pages.importing.edited_text import as_edited
from pages.importing.link_targets import resolve_links

from .content_files import Entry


class UnknownReferenceError(ValueError):
    """A content file names something that does not exist."""


class BlockBuilder:
    """Builds stored blocks; finds what they refer to by name or address."""

    def __init__(
        self,
        *,
        locale: Locale,
        page: Callable[[str], int],
        picture: Callable[[str], int],
        file: Callable[[str], int],
        contact: Callable[[str, str], int],
    ) -> None:
        self.locale = locale
        self.page = page
        self.picture = picture
        self.file = file
        self.contact = lambda name: contact(name, locale.language_code)

    def stream(self, entries: list[Entry]) -> list[Entry]:
        """A stream of blocks, each with a type, a value and an id."""
        return [self.block(entry["type"], self._value(entry)) for entry in entries]

    def block(self, kind: str, value: object) -> Entry:
        return {"type": kind, "value": value, "id": str(uuid.uuid4())}

    def figure(self, entry: Entry) -> Entry:
        return {
            "image": {
                "image": self.picture(entry["picture"]),
                "alt_text": entry.get("alt", ""),
                "decorative": not entry.get("alt"),
            },
            "caption": entry.get("caption", ""),
        }

    def link(self, entry: Entry) -> list[Entry]:
        label = entry.get("text", "")
        if "page" in entry:
            return [self.block("page", {"page": self.page(entry["page"]), "label": label})]
        if "file" in entry:
            return [self.block("file", {"file": self.file(entry["file"]), "label": label})]
        return [self.block("address", {"address": entry["address"], "label": label})]

    def task(self, entry: Entry) -> Entry:
        """A common errand of the start page."""
        value = {"heading": entry["heading"], "text": entry["text"]}
        return self.block("task", value | {"link": self.link({"page": entry["page"]})})

    def advice(self, entry: Entry) -> Entry:
        """What a threat level asks of readers."""
        words = {name: entry[name] for name in ("summary", "means", "heading")}
        things = [self.block("item", thing) for thing in entry["things"]]
        return self.block("at_level", {**words, "level": str(entry["level"]), "things": things})

    def html(self, html: str, features: Iterable[str] = TEXT_FEATURES) -> str:
        """The rich text, as the editor stores it, with links to our own pages in place of their addresses."""
        resolved, unresolved = resolve_links(html, locale=self.locale)
        if unresolved:
            raise UnknownReferenceError(", ".join(unresolved))
        return as_edited(resolved, features)

    def _value(self, entry: Entry) -> object:
        return getattr(self, f"_{entry['type']}")(entry)

    def _prose(self, entry: Entry) -> str:
        return self.html(entry["html"], PROSE_FEATURES)

    def _heading(self, entry: Entry) -> Entry:
        return {"text": entry["text"], "level": entry.get("level", "h2")}

    def _figure(self, entry: Entry) -> Entry:
        return self.figure(entry)

    def _link_row(self, entry: Entry) -> list[Entry]:
        return self.link(entry)

    def _fact_box(self, entry: Entry) -> Entry:
        return {
            "heading": entry["heading"],
            "text": self.html(entry["html"]),
            "tone": entry.get("tone", "plain"),
        }

    def _quote(self, entry: Entry) -> Entry:
        return {key: entry.get(key, "") for key in ("text", "source", "role")}

    def _accordion(self, entry: Entry) -> Entry:
        return {
            "heading": entry.get("heading", ""),
            "items": [
                self.block(
                    "item", {"question": item["question"], "answer": self.html(item["html"])}
                )
                for item in entry["items"]
            ],
        }

    def _table(self, entry: Entry) -> Entry:
        header = entry.get("header", "row")
        return {
            "data": entry["rows"],
            "cell": [],
            "table_caption": entry["caption"],
            "table_header_choice": header,
            "first_row_is_table_header": header in ("row", "both"),
            "first_col_is_header": header in ("column", "both"),
        }

    def _file(self, entry: Entry) -> Entry:
        return {"file": self.file(entry["file"]), "label": entry.get("text", "")}

    def _contact(self, entry: Entry) -> int:
        return self.contact(entry["name"])

    def _numbers(self, entry: Entry) -> Entry:
        return self._items(entry, "numbers", "number", "heading", "text")

    def _numerals(self, entry: Entry) -> Entry:
        items = self._items(entry, "numerals", "before", "number", "text", "source")
        return {"layout": entry.get("layout", "columns"), **items}

    def _items(self, entry: Entry, within: str, *names: str) -> Entry:
        items = [{name: each.get(name, "") for name in names} for each in entry[within]]
        return {within: [self.block("item", item) for item in items]}

    def _page_list(self, entry: Entry) -> Entry:
        parent = entry.get("children_of")
        return {
            "heading": entry["heading"],
            "source": "children" if parent else "chosen",
            "pages": [self.block("item", self.page(page)) for page in entry.get("pages", [])],
            "parent": self.page(parent) if parent else None,
        }

    def _twin_list(self, entry: Entry) -> Entry:
        return {"kinds": entry["kinds"]}

    def _tip_call(self, entry: Entry) -> Entry:
        return {key: entry.get(key, "") for key in ("heading", "text", "button")}

    def _partner_list(self, entry: Entry) -> Entry:
        return {"heading": entry.get("heading", ""), "scope": entry["scope"]}

    def _link_list(self, entry: Entry) -> Entry:
        return {
            "heading": entry["heading"],
            "links": [self.block("item", self.link(link)) for link in entry["links"]],
        }
