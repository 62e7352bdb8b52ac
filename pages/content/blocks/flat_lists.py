"""Lists as Draftail has them, in a row, and within each other. Needs no Wagtail."""

from collections.abc import Iterable
from typing import NamedTuple

# Draftail lets an editor go this far below the first level.
DEEPEST_LEVEL = 4


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
