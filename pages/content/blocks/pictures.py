"""Blocks of pictures, films and files."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StructBlock, StructValue
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from pages.library.picture import still_url

from .choosers import DescribedImageBlock, SiteDocumentChooserBlock, SiteImageChooserBlock
from .links import FileLinkBlock
from .text import TEXT_FEATURES


class FigureValue(StructValue):
    @cached_property
    def caption_text(self) -> str:
        image = self["image"]
        return self["caption"] or (image.caption if image else "")

    @cached_property
    def photographer(self) -> str:
        return self["image"].photographer if self["image"] else ""

    @cached_property
    def alt_text(self) -> str:
        """Empty for a decorative image, so that screen readers pass it by."""
        image = self["image"]
        return "" if image is None or image.decorative else image.contextual_alt_text or ""


class FigureBlock(StructBlock):
    image = DescribedImageBlock(label=_("Image"))
    caption = CharBlock(
        max_length=300,
        required=False,
        label=_("Caption"),
        help_text=_("The caption from the image library when left empty."),
    )

    def get_preview_value(self) -> StructValue:
        image = get_image_model().objects.first()
        if image is not None:
            image.contextual_alt_text = image.default_alt_text
        return self.normalize({"image": image, "caption": "Bildtexten står under bilden."})

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("An image with text alternative, caption and photographer.")
        group = _("Images and files")
        form_classname = "struct-block figure-block"
        template = "blocks/figure.html"
        label_format = "{caption}"
        value_class = FigureValue


class FileBlock(FileLinkBlock):
    def get_preview_value(self) -> StructValue:
        return self.normalize({"file": get_document_model().objects.first(), "label": "Vägledning"})

    class Meta:
        icon = "doc-full"
        label = _("File")
        description = _("A file to download; type and size are written after its name.")
        group = _("Images and files")
        template = "blocks/file.html"


class VideoValue(StructValue):
    @cached_property
    def poster_url(self) -> str:
        return still_url(self["poster"]) if self["poster"] else ""


class VideoBlock(StructBlock):
    """A film from our own files: never from another host, which would learn who watches."""

    title = CharBlock(max_length=120, label=_("Title of the film"))
    file = SiteDocumentChooserBlock(label=_("Film (mp4)"))
    poster = SiteImageChooserBlock(required=False, label=_("Still image"))
    captions = SiteDocumentChooserBlock(
        label=_("Captions (vtt)"), help_text=_("Everything said and every sound that matters.")
    )
    described = SiteDocumentChooserBlock(
        required=False,
        label=_("Film with audio description (mp4)"),
        help_text=_(
            "The same film with a voice that tells what is seen. Needed where the picture shows"
            " something that nobody says."
        ),
    )
    transcript = RichTextBlock(
        features=TEXT_FEATURES,
        label=_("Transcript"),
        help_text=_("What is said and shown, for those who read instead of watch."),
    )

    def clean(self, value: StructValue) -> StructValue:
        value = super().clean(value)
        errors = {
            name: ValidationError(message)
            for name, suffixes, message in (
                ("file", (".mp4",), _("Choose an mp4 file.")),
                ("described", (".mp4",), _("Choose an mp4 file.")),
                ("captions", (".vtt",), _("Choose a vtt file.")),
            )
            if value[name] and PurePath(value[name].filename).suffix.lower() not in suffixes
        }
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return value

    class Meta:
        icon = "media"
        label = _("Film")
        description = _("A film from our own files, with captions and transcript.")
        group = _("Images and files")
        template = "blocks/video.html"
        value_class = VideoValue
        preview_value = {
            "title": "Så arbetar vi",
            "transcript": "<p>En berättare beskriver uppdraget.</p>",
        }
