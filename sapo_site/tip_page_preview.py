"""The tip page as a place where messages stand, for those who put one together in Krisläge."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import set_urlconf
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from pages.models import Alert
from pages.newsdesk.crisis.seen_by_readers import Elsewhere, show_messages_at
from pages.newsroom.difference import rendered
from tips.wording.texts import texts_for
from tips.wording.website_messages import message_in

from .tip_messages import as_given, have_arrived, is_shown_on_tip_page


@dataclass(frozen=True)
class _TipPage:
    """The page before the form in a language, with a message above it."""

    alert: Alert
    locale: Locale

    def serve_preview(self, request: Any, _mode: str) -> HttpResponse:
        language = self.locale.language_code
        message = message_in(as_given({language: self.alert.shown_in(language)}), language)
        context = {"texts": texts_for(language), "website_messages": [message] if message else []}
        # The process that serves the CMS may lack the addresses of the tip channel.
        set_urlconf("sapo_site.tip_addresses")
        try:
            return HttpResponse(render_to_string("tips/start.html", context, request))
        finally:
            set_urlconf(None)


def _tip_page(alert: Alert, language: str) -> str:
    locale = Locale.objects.filter(language_code=language).first()
    return rendered(_TipPage(alert, locale or Locale(language_code=language)))


def show_tip_page_in_crisis() -> None:
    show_messages_at(
        Elsewhere(
            name="tipsa",
            label=_("Tip page"),
            render=_tip_page,
            takes=is_shown_on_tip_page,
            refused=_(
                "The tip page does not show this message: it promises more than the law allows, names"
                " another number, address or service than those that may stand there, has too many"
                " lines, or holds signs that are not shown there."
            ),
            is_reached=have_arrived,
            not_reached=_(
                "The tip page does not have what is out. Tell those who run the website."
            ),
        )
    )
