"""Uploaded files: visitors get what is public, editors the rest as well.

A name under which a file lay before another replaced it leads on to the file that replaced it.
"""

from pathlib import PurePath

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import Storage, default_storage
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from wagtail.documents.views.serve import serve
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import MissingFileError, StaticFile

from pages.content.publishing.roles import only_looks_back
from pages.library.models import FormerFile, SiteDocument, SiteImage, SiteRendition
from pages.library.picture import still_of
from pages.library.public_storage import is_served, public_storage
from pages.public.store.watch import watch

# Longer numbers are too large for a column, and the longest for Python.
_LONGEST_KEY = 18
_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".vtt": "text/vtt; charset=utf-8",
    ".webp": "image/webp",
}
# What pages show; all else is downloaded.
_SHOWN = _TYPES.keys() - {".pdf"}
# Renditions and uploads never change under their name.
_FOR_ALL = "public, max-age=31536000, immutable"
_FOR_EDITORS = "private, no-store"


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture or film, in ranges so that viewers can skip in films; nginx does it in production."""
    answer = _stored(request, public_storage(), path, _FOR_ALL)
    if answer:
        return answer
    if watch.is_blind:  # asked without it until now; what follows would wait for it
        raise OperationalError("The database does not answer")
    if not path.isprintable():  # PostgreSQL refuses some other signs
        raise Http404
    if _is_editor(request) and _is_in_library(path):
        answer = _stored(request, default_storage, path, _FOR_EDITORS)
    if answer:
        return answer
    if there := _address_now(path):
        return redirect(there)
    raise Http404


@require_safe
def document(request: HttpRequest, key: str, filename: str) -> HttpResponse:
    """A document under the name that it has, or else had."""
    if len(key) > _LONGEST_KEY:
        raise Http404
    found = SiteDocument.objects.filter(pk=int(key)).first()
    is_public = found is not None and is_served(found.file.name)
    if found is None or not (is_public or _is_editor(request)):
        raise Http404
    if found.filename != filename:
        names = found.former_files.values_list("name", flat=True)
        if filename in {PurePath(name).name for name in names}:
            return redirect(found.url)
        raise Http404
    response = serve(request, key, filename)
    if response.headers.get("Content-Encoding") == "None":  # as Wagtail says of files without one
        del response.headers["Content-Encoding"]
    response.headers[HEADER] = build_policy(settings.CSP_FOR_DOWNLOADS)
    if not is_public:
        response.headers["Cache-Control"] = _FOR_EDITORS
    return response


def from_where_visitors_may_read(found: SiteDocument, _request: HttpRequest) -> None:
    """Lets Wagtail read a public document there: visitors' service may not read uploads."""
    if is_served(found.file.name):
        found.file.storage = public_storage()


def _stored(
    request: HttpRequest, storage: Storage, path: str, caching: str
) -> HttpResponseBase | None:
    headers = [
        ("Cache-Control", caching),
        ("Content-Type", _TYPES.get(PurePath(path).suffix.lower(), "application/octet-stream")),
    ]
    try:
        file = StaticFile(storage.path(path), headers)
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(file, request)
    except (MissingFileError, SuspiciousFileOperation, ValueError, OSError):  # also a name too long
        return None
    response.headers[HEADER] = build_policy(settings.CSP_FOR_FILES)
    if PurePath(path).suffix.lower() not in _SHOWN:
        response.headers["Content-Disposition"] = "attachment"
    return response


def _is_editor(request: HttpRequest) -> bool:
    """Whether somebody asks who may use the library; visitors' service knows no users."""
    user = getattr(request, "user", None)
    return (
        user is not None
        and user.has_perm("wagtailadmin.access_admin")
        and not only_looks_back(user)
    )


def _is_in_library(path: str) -> bool:
    return any(
        model._base_manager.filter(file=path).exists()
        for model in (SiteRendition, SiteImage, SiteDocument)
    )


def _address_now(path: str) -> str:
    former = FormerFile.objects.select_related("image", "document").filter(name=path).first()
    if former and former.document:
        return former.document.url if is_served(former.document.file.name) else ""
    image = former.image if former else SiteImage.objects.filter(file=path).first()
    if image is None:
        return ""
    # An upload itself is served to nobody, and a smaller picture may lack a size: the largest one
    # shows no more of it than readers have seen.
    same = image.renditions.filter(filter_spec=former.spec).first() if former else None
    shown = same or still_of(image)
    return shown.file.url if shown and is_served(shown.file.name) else ""
