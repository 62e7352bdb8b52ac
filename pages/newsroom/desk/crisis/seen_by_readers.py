"""How a message will look: on the start page and on another page."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe
from wagtail.models import Page, Revision

from pages.comparing import rendered
from pages.content.models import Alert, HomePage, SectionPage


@dataclass(frozen=True)
class _PageUnder:
    """A page of the website with a draft of a message above it."""

    page: Page
    alert: Alert

    @property
    def locale(self) -> Any:
        return self.page.locale

    @property
    def url(self) -> str | None:
        return self.page.url

    def serve_preview(self, request: Any, _mode: str) -> TemplateResponse:
        shown = self.alert.shown_in(self.page.locale.language_code)
        context = self.page.get_context(request) | {"previewed_alert": shown}
        return TemplateResponse(request, self.page.get_template(request), context)


# As said inside a line, in the language of the CMS.
_LANGUAGES = {
    "sv": pgettext_lazy("in a line", "Swedish"),
    "en": pgettext_lazy("in a line", "English"),
}
_PAGES: dict[str, tuple[Promise, type[Page]]] = {
    "start": (_("Start page"), HomePage),
    "sida": (_("Inner page"), SectionPage),
}


def previews_of(revision: Revision) -> list[tuple[str, str]]:
    """Where the message can be looked at, with the address of each picture of it."""
    return [
        (
            f"{label}, {_LANGUAGES.get(code, name)}",
            reverse("newsdesk:crisis_preview", args=[revision.pk, place, code]),
        )
        for place, (label, _model) in _PAGES.items()
        for code, name in settings.LANGUAGES
    ]


@require_safe
def preview_message(request: Any, pk: int, place: str, language: str) -> HttpResponse:
    """A version of a message as readers of a language will meet it at the place."""
    alert = get_object_or_404(Revision, pk=pk).as_object()
    if not isinstance(alert, Alert) or language not in dict(settings.LANGUAGES):
        raise Http404
    request.is_preview = True  # a page of ours may frame it
    if place not in _PAGES:
        raise Http404
    model = _PAGES[place][1]
    page = model.objects.live().filter(locale__language_code=language).order_by("path").first()
    if page is None:
        # A website without such a page: the frame alone, as in the list of messages.
        return HttpResponse(rendered(alert, "" if language == settings.LANGUAGE_CODE else language))
    return HttpResponse(rendered(_PageUnder(page.specific, alert)))
