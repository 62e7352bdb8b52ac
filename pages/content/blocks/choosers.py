"""Choosers that find their targets on the shelves (`pages.content.references`)."""

import copy
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, ChooserBlock, PageChooserBlock, StructBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.images.models import AbstractImage
from wagtail.snippets.blocks import SnippetChooserBlock

from pages.content.references.shelves import resolved
from pages.library.alt_text import says_something


class _FromShelves(ChooserBlock):
    def bulk_to_python(self, values: Iterable[int | None]) -> list[Any]:
        return resolved(self.model_class, values, super().bulk_to_python)


class SitePageChooserBlock(_FromShelves, PageChooserBlock):
    pass


class SiteDocumentChooserBlock(_FromShelves, DocumentChooserBlock):
    pass


class SiteSnippetChooserBlock(_FromShelves, SnippetChooserBlock):
    pass


class SiteImageChooserBlock(_FromShelves, ImageChooserBlock):
    pass


class DescribedImageBlock(ImageBlock):
    """An image with a text alternative for this place, or marked as decorative."""

    def __init__(self, required: bool = True, **kwargs: Any) -> None:
        # ImageBlock sets its child blocks in its own constructor; these replace them.
        super().__init__(required=required, **kwargs)
        StructBlock.__init__(
            self,
            [
                ("image", SiteImageChooserBlock(required=required, label=_("Image"))),
                (
                    "alt_text",
                    CharBlock(
                        required=False,
                        max_length=300,
                        label=_("Text alternative"),
                        help_text=_(
                            "What a person who does not see the image needs to know, "
                            "in one or two sentences. Not the caption once more."
                        ),
                    ),
                ),
                (
                    "decorative",
                    BooleanBlock(
                        required=False,
                        default=False,
                        label=_("Decorative: says nothing that the text does not say"),
                    ),
                ),
            ],
            **kwargs,
        )

    def clean(self, value: AbstractImage | None) -> AbstractImage | None:
        value = super().clean(value)
        alt_text = "" if value is None or value.decorative else value.contextual_alt_text or ""
        if alt_text and not says_something(alt_text):
            message = _(
                "Write what the image shows, not that it is an image or what its file is called."
            )
            raise StructBlockValidationError(block_errors={"alt_text": ValidationError(message)})
        return value

    class Meta:
        icon = "image"
        label_format = "{alt_text}"

    def _struct_value_to_image(self, struct_value: dict[str, Any]) -> AbstractImage | None:
        # A copy: the same image may stand twice on a page with different text alternatives.
        image = struct_value.get("image")
        return super()._struct_value_to_image({**struct_value, "image": copy.copy(image)})

    @cached_property
    def target_model(self) -> type[AbstractImage]:
        return self.child_blocks["image"].model_class
