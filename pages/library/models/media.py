"""Pictures and files of the media library."""

import secrets
from pathlib import PurePath
from typing import Any

from django.core.files.base import File
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    Image,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)
from wagtail.search import index

from pages.ground.models import ContentVersion
from pages.library.cleaning.cleaned_files import CleanedFile, cleaned
from pages.library.drawn_filters import DrawnFilter, drawn_filters
from pages.library.files import fingerprint_of
from pages.library.pixels import header_of
from pages.library.renditions import make_missing_renditions
from pages.library.upload import PictureFile, without_metadata

from .consent import HasConsent
from .rights import HasRights


def between_nobody_guesses(path: str, drawn_name: str = "") -> str:
    """The path of an upload with a folder of its own, whose name is drawn: nobody can guess it."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/{drawn_name or secrets.token_urlsafe(12)}/{name}"


class SiteImageFieldFile(WagtailImageFieldFile):
    def save(self, name: str, content: Any, save: bool = True) -> None:
        # The one place that every file passes on its way into the storage.
        if not isinstance(content, PictureFile):
            content = without_metadata(content, name)
        super().save(name, content, save=save)

    def get_image_dimensions(self) -> tuple[int, int]:
        """Width and height, from the file's header: Wagtail would decode the picture."""
        was_closed = self.closed
        try:
            self.open()
            header = header_of(self)  # of a file that we have drawn
            return header.width, header.height
        finally:
            if was_closed:
                self.close()


class SiteImageField(WagtailImageField):
    attr_class = SiteImageFieldFile


class SiteImage(AbstractImage, HasConsent, HasRights):
    """A picture whose file holds nothing but the picture."""

    fixed_kind = "image"
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
    # When a page that showed it was first published: from then on it is never deleted.
    public_since = models.DateTimeField(null=True, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "caption",
        "photographer",
        "shows_people",
        "consent",
        "consent_reason",
        "consent_until",
        "rights",
        "rights_terms",
        "rights_until",
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

    def get_upload_to(self, filename: str) -> str:
        # Shorter by what comes between: Wagtail cuts the name, the column holds a hundred signs.
        stem, dot, ending = filename.rpartition(".")
        return between_nobody_guesses(super().get_upload_to(f"{stem[:60]}{dot}{ending}"))

    def _set_file_hash(self) -> None:
        with self.open_file() as file:
            self.file_hash = fingerprint_of(file)

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
            self.renditions.all().delete()  # which have the same names as the new file's
        if is_replaced or with_renditions:
            # Made while the editor waits, so that no visitor has to; a picture that is only cropped in
            # another way needs new ones too. After the commit, since drawing takes seconds in which
            # nobody else could write to SQLite. If it fails, readers meet the picture itself.
            transaction.on_commit(self._make_renditions, robust=True)

    def _make_renditions(self) -> None:
        if make_missing_renditions(self):
            ContentVersion.raise_version("siteimage")

    def create_renditions(self, *filters: Filter) -> dict[Filter, AbstractRendition]:
        """Those of all filters, for which the picture is opened once."""
        return super().create_renditions(*drawn_filters(self, filters))

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> File:
        """The file of a rendition; Wagtail would draw it in this process."""
        if not isinstance(filter, DrawnFilter):
            [filter] = drawn_filters(self, [filter])
        return super().generate_rendition_file(filter, source=source)


class SiteRendition(AbstractRendition):
    raises_version = False  # its picture does

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition"
            )
        ]

    def get_upload_to(self, filename: str) -> str:
        # In the picture's own folder.
        drawn_name = PurePath(self.image.file.name).parts[1]
        return between_nobody_guesses(super().get_upload_to(filename), drawn_name)


class SiteDocumentFieldFile(FieldFile):
    instance: Any

    def save(self, name: str, content: Any, save: bool = True) -> None:
        # The one place that every file passes on its way into the storage.
        if not isinstance(content, CleanedFile):
            content = cleaned(content, name)
        self.instance.inspection = content.inspection
        super().save(name, content, save=save)


class SiteDocumentField(models.FileField):
    attr_class = SiteDocumentFieldFile

    def generate_filename(self, instance: Any, filename: Any) -> str:
        return between_nobody_guesses(super().generate_filename(instance, filename))

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.FileField", args, kwargs  # for a migration it is any file


class SiteDocument(AbstractDocument, HasRights):
    """A file without hidden data."""

    fixed_kind = "document"
    file: Any = SiteDocumentField(verbose_name=_("file"), upload_to="documents")
    description = models.TextField(
        _("Description"),
        blank=True,
        help_text=_("What the file holds and for whom it is. Shown in search results."),
    )
    # When a page that showed it was first published: from then on it is never deleted.
    public_since = models.DateTimeField(null=True, editable=False)
    # What was seen of the file when it was cleaned (`pages.library.cleaning`).
    inspection = models.JSONField(default=dict, blank=True, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "rights",
        "rights_terms",
        "rights_until",
        "collection",
        "tags",
    )
    search_fields = [
        *Document.search_fields,
        index.SearchField("description", boost=4),
        index.AutocompleteField("description"),
    ]

    class Meta(Document.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def clean(self) -> None:
        if self.file:  # of one that was refused Wagtail would say that its ending is wrong, too
            super().clean()

    def _set_file_hash(self) -> None:
        with self.open_file() as file:
            self.file_hash = fingerprint_of(file)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.file and not self.file._committed:
            # Cleaned before `save`, so that size and hash are those of the stored file.
            if not isinstance(self.file.file, CleanedFile):
                self.file = cleaned(self.file, self.file.name)
            self._set_document_file_metadata()
        super().save(*args, **kwargs)
