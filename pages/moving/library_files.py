"""Makes a file of the library of a file that comes with an import."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from pages.importing.documents import RefusedError
from pages.library.cleaning.cleaned_files import cleaned
from pages.library.models import SiteDocument


def document_from(
    path: Path,
    *,
    title: str = "",
    description: str = "",
    user: User | None = None,
    note: Callable[[SiteDocument], object] = lambda document: None,
) -> SiteDocument:
    """The file in the library, cleaned as uploads are and closed until something public uses it.

    Raises RefusedError; then nothing is left behind. `note` writes down in the same transaction what
    was made.
    """
    document = SiteDocument(
        title=title or path.stem.replace("_", " ").replace("-", " "),
        description=description,
        uploaded_by_user=user,
    )
    try:
        with path.open("rb") as content:
            # Before the transaction: it takes time, in which nobody else could write to SQLite.
            document.file = cleaned(File(content, name=path.name), path.name)
        document.full_clean()
        with transaction.atomic():
            document.save()
            note(document)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages)) from error
    except OSError as error:
        raise RefusedError(_("The file %(name)s cannot be read.") % {"name": path.name}) from error
    except BaseException:
        if document.file and document.file._committed:
            with suppress(OSError):
                document.file.storage.delete(document.file.name)
        raise
    return document
