"""Draftail, and lists that keep every item on their way between it and the database."""

import json
from typing import Any

from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextArea

from pages.content.references.named import key_named

from .flat_lists import ListItem, nested

_LISTS = {"unordered-list-item": "ul", "ordered-list-item": "ol"}


class ListKeepingConverter(ContentstateConverter):
    """Wagtail's converter, but every item is stored, in one list with those it belongs to.

    Its exporter takes an item for the first of another list when the list above it is of another
    kind: the item is lost, or begins anew at 1.
    """

    def to_database_format(self, contentstate_json: str) -> str:
        content: dict[str, Any] = _without_unsound_links(json.loads(contentstate_json) or {})
        pieces: list[str] = []
        items: list[ListItem] = []
        for block in content.get("blocks", []):
            alone = {"blocks": [{**block, "depth": 0}], "entityMap": content.get("entityMap", {})}
            html = self.exporter.render(alone)
            name = _LISTS.get(block["type"], "")
            if name and html.startswith(f"<{name}>"):
                html = html.removeprefix(f"<{name}>").removesuffix(f"</li></{name}>")
                items.append(ListItem(block.get("depth", 0), name, html))
            else:
                pieces += [nested(items), html]
                items = []
        return "".join([*pieces, nested(items)])


def _without_unsound_links(content: dict[str, Any]) -> dict[str, Any]:
    """The same, without links to what nobody could have chosen: their words stay."""
    entities: dict[str, Any] = content.get("entityMap", {})
    sound = {
        name: each
        for name, each in entities.items()
        if (key := each.get("data", {}).get("id")) is None or key_named(str(key)) is not None
    }
    if len(sound) == len(entities):
        return content
    blocks = [
        {**each, "entityRanges": [at for at in each["entityRanges"] if str(at["key"]) in sound]}
        for each in content.get("blocks", [])
    ]
    return {**content, "blocks": blocks, "entityMap": sound}


class ListKeepingRichTextArea(DraftailRichTextArea):
    """The editor for every rich text of the CMS."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.converter = ListKeepingConverter(self.features)
