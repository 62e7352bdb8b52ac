"""Stream fields whose block lists stay out of migrations."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import JSONField
from django.utils.functional import cached_property
from wagtail.blocks import BlockField, StreamBlock, StreamValue
from wagtail.fields import StreamField

from .blocks.advice import AdviceBlock
from .blocks.body import (
    AsideBlock,
    BodyBlock,
    LeadImageBlock,
    LinksBlock,
    RelatedBlock,
    SocialLinksBlock,
    TasksBlock,
)


class DraftableBlockField(BlockField):
    """Saves in a draft whatever an editor has written; what is published must be right."""

    def clean(self, value: object) -> object:
        try:
            return super().clean(value)
        except ValidationError:
            if getattr(self, "is_deferred_validation", False):
                return value
            raise


class BlocksField(StreamField):
    """A StreamField that always holds its own kind of block list.

    The list stays out of migrations, so changing a label or adding a block needs none.
    Data migrations still see the blocks, as they are now.
    """

    block_class: type[StreamBlock]

    def __init__(self, **kwargs: object) -> None:
        super().__init__(self.block_class(), **kwargs)

    def filled(self, blocks: list[dict[str, object]]) -> StreamValue:
        """The blocks as the form would store them: each with its key, and with every value that it has."""
        value = self.stream_block.to_python(blocks)
        list(
            self.stream_block.extract_references(value)
        )  # what nobody has asked for stays as it was given
        return self.stream_block.to_python(self.stream_block.get_prep_value(value))

    def formfield(self, **kwargs: object) -> forms.Field:
        return super().formfield(**{"form_class": DraftableBlockField, **kwargs})

    @cached_property
    def json_field(self) -> JSONField:
        """Wagtail's, made once and not for each value that is read."""
        return super().json_field

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup")
        return name, path, [], kwargs


class BodyField(BlocksField):
    block_class = BodyBlock


class AsideField(BlocksField):
    block_class = AsideBlock


class LeadImageField(BlocksField):
    block_class = LeadImageBlock


class RelatedField(BlocksField):
    block_class = RelatedBlock


class TasksField(BlocksField):
    block_class = TasksBlock


class AdviceField(BlocksField):
    block_class = AdviceBlock


class LinksField(BlocksField):
    block_class = LinksBlock


class SocialLinksField(BlocksField):
    block_class = SocialLinksBlock
