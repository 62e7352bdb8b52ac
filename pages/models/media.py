"""Pictures and files of the media library."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Image,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)
from wagtail.search import index

from pages.library.renditions import make_missing_renditions
from pages.library.upload import PictureFile, without_metadata

from .content_version import ContentVersion


class SiteImageFieldFile(WagtailImageFieldFile):
    def save(self, name: str, content: Any, save: bool = True) -> None:
        # The one place that every file passes on its way into the storage.
        if not isinstance(content, PictureFile):
            content = without_metadata(content, name)
        super().save(name, content, save=save)


class SiteImageField(WagtailImageField):
    attr_class = SiteImageFieldFile


class SiteImage(AbstractImage):
    """A picture whose file holds nothing but the picture."""

    # The HTML kept for it until something changes (`pages.library.picture`).
    pictures_written: dict[Any, Any] | None = None

    file: Any = SiteImageField(
        verbose_name=_("file"),
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
    )
    caption = models.CharField(
        _("Caption"),
        max_length=300,
        blank=True,
        help_text=_("Shown under the image unless the page gives another caption."),
    )
    photographer = models.CharField(
        _("Photographer"), max_length=120, blank=True, help_text=_("For example: Anna Berg/TT.")
    )

    admin_form_fields = (
        "title",
        "file",
        "description",
        "caption",
        "photographer",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [
        *Image.search_fields,
        index.SearchField("caption"),
        index.SearchField("photographer"),
    ]

    class Meta(Image.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def save(self, *args: Any, with_renditions: bool = True, **kwargs: Any) -> None:
        """Saves the image, and makes the renditions that it lacks, unless a new image is to wait."""
        is_new_file = bool(self.file) and not self.file._committed
        is_replaced = is_new_file and not self._state.adding
        if is_new_file:
            # Cleaned before `save`, so that size, hash and dimensions are those of the stored file.
            if not isinstance(self.file.file, PictureFile):
                self.file = without_metadata(self.file, self.file.name)
            self._set_image_file_metadata()
        super().save(*args, **kwargs)
        self.__dict__.pop("prefetched_renditions", None)
        if is_replaced:
            # The old file's renditions have the same names. New ones are made after the commit,
            # since Wagtail's form deletes all renditions right after saving.
            self.renditions.all().delete()
            transaction.on_commit(self._make_renditions, robust=True)
        if is_replaced or not with_renditions:
            return
        try:
            # Made while the editor waits, so that no visitor has to wait. A picture that is only
            # cropped in another way needs new ones too.
            self._make_renditions()
        except OSError:
            if is_new_file:
                raise
            # The file is gone, but the editor may still change the texts about it.

    def _make_renditions(self) -> None:
        if make_missing_renditions(self):
            ContentVersion.raise_version("siteimage")


class SiteRendition(AbstractRendition):
    raises_version = False  # its picture does

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition"
            )
        ]


class SiteDocument(AbstractDocument):
    description = models.TextField(
        _("Description"),
        blank=True,
        help_text=_("What the file holds and for whom it is. Shown in search results."),
    )

    admin_form_fields = ("title", "file", "description", "collection", "tags")
    search_fields = [
        *Document.search_fields,
        index.SearchField("description", boost=4),
        index.AutocompleteField("description"),
    ]

    class Meta(Document.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")
