"""The page of the form in which tips are sealed: one file for all, the same octets for everybody.

It is written when static files are collected, so that no service can write another. Its words are
the release's, with the telephone numbers of the settings.
"""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation

from tips.keeping.present_keyring import root_or_none
from tips.opener.integrity import sum_of
from tips.sealing.signers import Pin
from tips.wording.texts import built_in

from . import answers, limits, policy, views
from .forms import TipForm
from .sealed_words import sealed_words

SEALING_PROGRAM = "tips/tip_form.js"


def file_of(language: str) -> str:
    """Where the page lies among the static files."""
    return f"tip-form/{language}.html"


def written_page(language: str, program: bytes) -> str:
    """The page in this language, for the script with these octets."""
    with translation.override(language):
        texts = built_in(language)
        context = {
            "form": TipForm(),
            "texts": texts,
            "limits": limits,
            "words": sealed_words(texts),
            "root": root_or_none() or "",
            "script": static(SEALING_PROGRAM),
            "script_sum": sum_of(program),
        }
        return render_to_string("tips/sealed_form.html", context)


def is_laid() -> bool:
    """Whether the pages that root has laid are those of this release, root and telephone numbers."""
    global _looked_at
    places = [
        Path(settings.STATIC_ROOT, file_of(language)) for language, _name in settings.LANGUAGES
    ]
    try:
        stamp = [path.stat().st_mtime_ns for path in places], root_or_none()
        if _looked_at is None or _looked_at[0] != stamp:
            with staticfiles_storage.open(SEALING_PROGRAM) as file:
                program = file.read()
            wanted = [written_page(language, program) for language, _name in settings.LANGUAGES]
            found = [path.read_text(encoding="utf-8") for path in places]
            _looked_at = stamp, found == wanted
    except (OSError, ValueError):  # nothing has been collected
        return False
    return _looked_at[1]


_looked_at: tuple[tuple[list[int], Pin | None], bool] | None = None


def sealed_form(request: HttpRequest) -> HttpResponse:
    """The page, where no nginx stands in front. In production the service must not be asked.

    What is sent here was opened while the form without script had this address: nothing of it is lost.
    """
    if request.method == "POST":
        return views.leave_tip(request)
    if not settings.TIP_FORM_BY_SERVICE:
        return answers.refused(request, 404)
    if request.method not in ("GET", "HEAD"):
        return answers.refused_method(request, ("GET", "HEAD", "POST"))
    program = finders.find(SEALING_PROGRAM)
    if program is None:
        raise FileNotFoundError(SEALING_PROGRAM)  # not built: ./sapo run builds it
    with open(program, "rb") as file:
        text = written_page(translation.get_language() or settings.LANGUAGE_CODE, file.read())
    headers = {
        "Content-Security-Policy": policy.SEALING,
        "Integrity-Policy": settings.INTEGRITY_POLICY,
        "X-Robots-Tag": "noindex, noarchive",
    }
    return HttpResponse(text, status=answers.NOT_KEPT, headers=headers)
