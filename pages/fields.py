"""Stream fields whose block lists stay out of migrations."""

from typing import Any

from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField

from .blocks import (
    AsideBlock,
    BodyBlock,
    LeadImageBlock,
    LinksBlock,
    RelatedBlock,
    SocialLinksBlock,
    TasksBlock,
)


class BlocksField(StreamField):
    """A StreamField that always holds its own kind of block list.

    The list stays out of migrations, so changing a label or adding a block needs none.
    Data migrations still see the blocks, as they are now.
    """

    block_class: type[StreamBlock]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(self.block_class(), **kwargs)

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup")
        return name, path, [], kwargs


class BodyField(BlocksField):
    """The body of a page."""

    block_class = BodyBlock


class AsideField(BlocksField):
    """The boxes beside the body."""

    block_class = AsideBlock


class LeadImageField(BlocksField):
    """At most one image, under the lead."""

    block_class = LeadImageBlock


class RelatedField(BlocksField):
    """Pages recommended by the editor."""

    block_class = RelatedBlock


class TasksField(BlocksField):
    """The few things most visitors come for."""

    block_class = TasksBlock


class LinksField(BlocksField):
    """Links in a row."""

    block_class = LinksBlock


class SocialLinksField(BlocksField):
    """The agency's accounts in social media."""

    block_class = SocialLinksBlock
