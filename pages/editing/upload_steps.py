"""Tells an editor who uploads a file how far it has come.

static/js/upload_steps.js draws a key, sends it with the form and asks for the step meanwhile.
"""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pages.apart.steps import UploadStep, step_told_in, steps_told_in

_KEY = re.compile(r"[0-9a-f]{32}")
_FIELD = "upload_steps"


class UploadStepsMiddleware:
    """Has the work on an upload told in a file with the name that the form gives."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = steps_told_in.set("")
        try:
            return self.get_response(request)
        finally:
            if told_in := steps_told_in.get():
                Path(told_in).unlink(missing_ok=True)
            steps_told_in.reset(token)

    def process_view(self, request: Any, *_view: Any) -> None:
        if request.content_type == "multipart/form-data" and request.user.is_authenticated:
            key = request.POST.get(_FIELD, "")
            if _KEY.fullmatch(key):
                steps_told_in.set(str(_file_of(key)))


@require_safe
@never_cache
def upload_step(request: HttpRequest, key: str) -> JsonResponse:
    """What is being done with the file that somebody uploads with this key."""
    if not _KEY.fullmatch(key):
        raise Http404
    step = step_told_in(_file_of(key))
    return JsonResponse({"text": _in_words(step), "done": step.done, "of": step.of})


def steps_addresses() -> list[URLPattern]:
    return [path("uppladdning/<str:key>/", upload_step, name="upload_step")]


def upload_steps_script() -> str:
    """The script that shows them, in every view of the CMS: choosers open in all of them."""
    return format_html(
        '<script src="{}" data-address="{}" data-sending="{}" defer></script>',
        static("js/upload_steps.js"),
        reverse("upload_step", args=["KEY"]),
        _("The file is being sent."),
    )


def _file_of(key: str) -> Path:
    return Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir(), f"upload-{key}")


def _in_words(step: UploadStep) -> str:
    if step.work == "wait":
        return _("The file waits for its turn.")
    if step.work == "scan":
        return _("The virus scanner looks at the file.")
    if step.work == "read_and_tell":
        return _("The text in the file is read.")
    if step.work == "clean_and_tell":
        return _("The file is looked through.")
    if step.work == "draw_and_tell":
        return _("The picture is drawn again without hidden data.")
    if step.work == "render_and_tell":
        return _("The picture is drawn in the sizes of the website: %(done)d of %(of)d.") % {
            "done": step.done,
            "of": step.of,
        }
    return ""
