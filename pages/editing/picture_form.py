"""The form in which editors upload a picture, or replace its file."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import FileField
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from pages.library.upload import (
    PictureFile,
    TooManyPixelsError,
    UnreadableImageError,
    header_of,
    without_metadata,
)

from .public_files import ChangesOfPublicFile


class PictureField(WagtailImageField):
    """Judges a picture by its header; Wagtail's field decodes it first."""

    def to_python(self, data: Any) -> Any:
        file: Any = FileField.to_python(self, data)
        if file is None:
            return None
        self.check_image_file_size(file)
        try:
            file.image = header_of(file)
        except TooManyPixelsError as error:
            raise ValidationError(str(error), code="file_too_many_pixels") from error
        except UnreadableImageError as error:
            raise self._not_a_picture() from error
        self.check_image_file_format(file)
        return file

    def cleaned(self, file: Any) -> PictureFile:
        """What is stored of the file."""
        try:
            return without_metadata(file, file.name)
        except UnreadableImageError as error:
            raise self._not_a_picture() from error

    def _not_a_picture(self) -> ValidationError:
        return ValidationError(self.error_messages["invalid_image"], code="invalid_image")


class SiteImageForm(ChangesOfPublicFile, BaseImageForm):
    """Draws an upload again before it is saved, since that takes seconds: nothing is locked yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            given = self.fields["file"]
            self.fields["file"] = PictureField(
                label=given.label, required=given.required, widget=given.widget
            )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        return self.fields["file"].cleaned(file) if isinstance(file, UploadedFile) else file
