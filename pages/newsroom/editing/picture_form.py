"""The form in which editors upload a picture, or replace its file."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import FileField
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from pages.library.pixels import TooManyPixelsError, UnreadableImageError
from pages.library.upload import PictureFile, too_many_pixels_sentence, without_metadata

from .public_files import ChangesOfPublicFile


class PictureField(WagtailImageField):
    """Takes a picture as it is stored: drawn again, elsewhere; Wagtail's field decodes it here."""

    def to_python(self, data: Any) -> PictureFile | None:
        file: Any = FileField.to_python(self, data)
        if file is None:
            return None
        self.check_image_file_size(file)
        picture: Any = self._drawn(file)
        picture.image = picture.header
        self.check_image_file_format(picture)
        return picture

    def _drawn(self, file: Any) -> PictureFile:
        try:
            return without_metadata(file, file.name)
        except TooManyPixelsError as error:
            raise ValidationError(
                too_many_pixels_sentence(), code="file_too_many_pixels"
            ) from error
        except UnreadableImageError as error:
            invalid = self.error_messages["invalid_image"]
            raise ValidationError(invalid, code="invalid_image") from error


class SiteImageForm(ChangesOfPublicFile, BaseImageForm):
    """Draws an upload again before it is saved, since that takes seconds: nothing is locked yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            given = self.fields["file"]
            self.fields["file"] = PictureField(
                label=given.label, required=given.required, widget=given.widget
            )
