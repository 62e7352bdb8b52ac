"""The ids of a page's headings, and the list "På den här sidan"."""

from dataclasses import dataclass

from wagtail.blocks import StreamValue

FEWEST_FOR_A_LIST = 3


@dataclass(frozen=True)
class PageHeading:
    text: str
    anchor: str


def headings_of(body: StreamValue) -> list[PageHeading]:
    """The sections of a body, each with an id that no other heading of the body has."""
    taken: dict[str, int] = {}
    sections = []
    for block in body:
        if block.block_type != "heading":
            continue
        anchor = block.value.plain_anchor
        taken[anchor] = taken.get(anchor, 0) + 1
        if taken[anchor] > 1:
            anchor = f"{anchor}-{taken[anchor]}"
        block.value.anchor = anchor
        if block.value["level"] == "h2":
            sections.append(PageHeading(block.value["text"], anchor))
    return sections
