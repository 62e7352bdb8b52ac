"""The pictures of an imported article, in the library: stored all or none."""

from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO

from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError
from django.utils.translation import gettext as _
from wagtail.models import ReferenceIndex

from pages.library.files import fingerprint_of
from pages.library.models import SiteImage
from pages.library.pixels import UnreadableImageError
from pages.library.upload import PictureFile, without_metadata
from pages.library.virus_scanner import NotClearedError

from .completeness import usable_alt_text
from .documents import Figure, RefusedError


class StoredPictures:
    """What has been stored for one article, until it is a page."""

    def __init__(self, user: User | AnonymousUser | None = None) -> None:
        self._user = user
        self._images: dict[int, SiteImage] = {}  # by the identity of the figure
        self._stored: list[SiteImage] = []

    def store(self, figures: Sequence[Figure], *, name: str, title: str) -> None:
        """Stores each with its renditions, its file named after `name`. Raises RefusedError."""
        for number, figure in enumerate(figures, start=1):
            file_name = f"{name[:60].rstrip('-')}-{number}.{figure.picture.extension}"
            try:
                self._store(figure, file_name, title)
            except NotClearedError as error:
                raise RefusedError(error.messages[0]) from error
            except UnreadableImageError as error:
                raise RefusedError(
                    _("Image %(number)s cannot be read.") % {"number": number}
                ) from error

    def value_of(self, figure: Figure) -> dict[str, object]:
        """The value of a figure block that shows the stored picture."""
        return {
            "image": {
                "image": self._images[id(figure)].pk,
                "alt_text": _alt_text(figure),
                "decorative": figure.is_decorative,
            },
            "caption": figure.caption,
        }

    def remove(self) -> None:
        """Removes what has been stored, with its files, also where the database is gone.

        What another page shows stays: one made of the same file meanwhile uses the same pictures.
        """
        for image in self._stored:
            with suppress(DatabaseError, ValueError):
                if ReferenceIndex.get_references_to(image).exists():
                    continue
            files = [image.file] if image.file and image.file._committed else []
            with suppress(DatabaseError, ValueError):
                files += [rendition.file for rendition in image.renditions.all()]
            with suppress(DatabaseError, ValueError):
                image.delete()
            for file in files:
                with suppress(OSError):
                    file.storage.delete(file.name)

    def _store(self, figure: Figure, file_name: str, title: str) -> None:
        alt_text = _alt_text(figure)
        words = {"description": alt_text[:255], "caption": figure.caption[:300]}
        title = (alt_text or figure.caption or title)[:255]
        file = without_metadata(BytesIO(figure.picture.content), file_name)
        if had := _picture_like(file, words):
            self._images[id(figure)] = had
            return
        image = SiteImage(title=title, file=file, uploaded_by_user=self._user, **words)
        self._images[id(figure)] = image
        self._stored.append(image)
        image.save()


def _alt_text(figure: Figure) -> str:
    return "" if figure.is_decorative else usable_alt_text(figure.alt_text)


def _picture_like(file: PictureFile, words: dict[str, str]) -> SiteImage | None:
    """The same picture with the same words in the library, such as of an import that was broken off."""
    return SiteImage.objects.filter(file_hash=fingerprint_of(file), **words).first()
