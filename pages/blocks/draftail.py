"""Draftail, and lists that keep every item on their way between it and the database."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextArea

from pages.references.named import key_named

# Draftail lets an editor go this far below the first level.
DEEPEST_LEVEL = 4
_LISTS = {"unordered-list-item": "ul", "ordered-list-item": "ol"}


class ListItem(NamedTuple):
    """An item of a list as the editor has it: in a row with those above and below it."""

    level: int
    name: str  # "ul" or "ol"
    html: str  # begins with <li>, and lacks its end


def nested(items: Iterable[ListItem]) -> str:
    """The items as lists within each other, with no item that nobody wrote.

    One that lies more than a level below the item above it is raised to the level below.
    """
    html = ""
    open_lists: list[ListItem] = []  # the last item of each
    for item in items:
        while len(open_lists) > 1 and open_lists[-2].level >= item.level:
            html += f"</li></{open_lists.pop().name}>"
        if open_lists and open_lists[-1].level >= item.level:
            last = open_lists.pop()
            html += "</li>" if last.name == item.name else f"</li></{last.name}><{item.name}>"
        else:
            html += f"<{item.name}>"
        open_lists.append(item)
        html += item.html
    return html + "".join(f"</li></{last.name}>" for last in reversed(open_lists))


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
