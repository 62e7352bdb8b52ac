"""Hands the live texts of the CMS to the tip desk, as files, for a handler to approve."""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete
from wagtail.signals import published, unpublished

from pages.tree.fixed_pages import register_fixed_page
from tips import exchange

from .models import TipTexts
from .tip_page import tip_page_in
from .tip_page_standing import TextsStanding

logger = logging.getLogger(__name__)


def connect() -> None:
    """Lets the tip desk know what is published and withdrawn, and lists the tip page."""
    register_fixed_page(tip_page_in)
    for signal in (published, unpublished, post_delete):
        signal.connect(_carry_over_when_committed, sender=TipTexts)


def _carry_over_when_committed(instance: TipTexts, **_signal: Any) -> None:
    language = instance.locale.language_code
    transaction.on_commit(lambda: _carry_over_or_log(language))


def _carry_over_or_log(language: str) -> None:
    """The texts stay published even if this fails: the CMS says so until they have arrived."""
    try:
        carry_over(language)
    except OSError as error:
        logger.error("The texts of the tip page (%s) were not written: %s", language, error)


def carry_over(language: str) -> bool:
    """Hands the tip desk the live texts of a language; none of them ask for the release's own."""
    live = TipTexts.objects.public().filter(locale__language_code=language).first()
    exchange.write_texts(language, live.texts if live else {})
    return live is not None


def standings() -> list[tuple[str, TextsStanding]]:
    """By language, whether what is published is shown on the tip page, and if not, why."""
    live = {
        each.locale.language_code: each.texts
        for each in TipTexts.objects.public().select_related("locale")
    }
    return [(name, TextsStanding(code, live.get(code, {}))) for code, name in settings.LANGUAGES]
