"""The pages that a tipster meets before anything is sent: files of root's, the same octets for everybody.

They are written when static files are collected, so that no service can write others. Their words are
the release's, with the telephone numbers of the settings.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class LaidPage:
    name: str
    template: str
    program: str
    status: int = 200

    def file_in(self, language: str) -> str:
        """Where the page lies among the static files."""
        return f"tip-form/{self.name}.{language}.html"


START = LaidPage("start", "tips/start.html", "tips/quick_exit.js")
FORM = LaidPage("form", "tips/sealed_form.html", "tips/tip_form.js", answers.NOT_KEPT)
WITHOUT_SCRIPT = LaidPage("without-script", "tips/without_script.html", "tips/without_script.js")
LAID_PAGES = (START, FORM, WITHOUT_SCRIPT)


def written_page(page: LaidPage, language: str, program: bytes) -> str:
    """The page in this language, for the script with these octets."""
    with translation.override(language):
        texts = built_in(language)
        context: dict[str, object] = {
            "form": TipForm(),
            "texts": texts,
            "limits": limits,
            "words": sealed_words(texts),
            "root": root_or_none() or "",
            "script": static(page.program),
            "script_sum": sum_of(program),
        }
        return render_to_string(page.template, context)


def written_pages(read: Callable[[str], bytes]) -> Iterator[tuple[str, str]]:
    """Each page's place among the static files, and its text; scripts are read by their names."""
    for page in LAID_PAGES:
        program = read(page.program)
        for language, _name in settings.LANGUAGES:
            yield page.file_in(language), written_page(page, language, program)


def are_laid() -> bool:
    """Whether the pages that root has laid are those of this release, root and telephone numbers."""
    global _looked_at
    places = [
        Path(settings.STATIC_ROOT, page.file_in(language))
        for page in LAID_PAGES
        for language, _name in settings.LANGUAGES
    ]
    try:
        stamp = [path.stat().st_mtime_ns for path in places], root_or_none()
        if _looked_at is None or _looked_at[0] != stamp:
            wanted = [text for _place, text in written_pages(_collected)]
            found = [path.read_text(encoding="utf-8") for path in places]
            _looked_at = stamp, found == wanted
    except (OSError, ValueError):  # nothing has been collected
        return False
    return _looked_at[1]


_looked_at: tuple[tuple[list[int], Pin | None], bool] | None = None


def _collected(name: str) -> bytes:
    with staticfiles_storage.open(name) as file:
        octets: bytes = file.read()
    return octets


def start(request: HttpRequest) -> HttpResponse:
    """What to think of before a tip, and how to reach the agency without the form."""
    return _page(request, START)


def without_script(request: HttpRequest) -> HttpResponse:
    """What the form without script is, before it: its script leads whoever has script to the other."""
    return _page(request, WITHOUT_SCRIPT)


def sealed_form(request: HttpRequest) -> HttpResponse:
    """Where tips are sealed. What is sent here was opened while the form without script had this address."""
    return views.leave_tip(request) if request.method == "POST" else _page(request, FORM, "POST")


def _page(request: HttpRequest, page: LaidPage, *more: str) -> HttpResponse:
    """The page, where no nginx stands in front. In production the service must not be asked."""
    if not settings.TIP_FORM_BY_SERVICE:
        return answers.refused(request, 404)
    if request.method not in ("GET", "HEAD"):
        return answers.refused_method(request, ("GET", "HEAD", *more))
    program = finders.find(page.program)
    if program is None:
        raise FileNotFoundError(page.program)  # not built: ./sapo run builds it
    language = translation.get_language() or settings.LANGUAGE_CODE
    text = written_page(page, language, Path(program).read_bytes())
    headers = {
        "Content-Security-Policy": policy.LAID,
        "Integrity-Policy": settings.INTEGRITY_POLICY,
    }
    return HttpResponse(text, status=page.status, headers=headers)
