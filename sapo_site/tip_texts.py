"""Carries the live texts from the CMS over to the tip channel, as files."""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete
from wagtail.signals import published, unpublished

from tips import exchange
from tips.wording.texts import texts_for

from .models import TipTexts, built_in

logger = logging.getLogger(__name__)


def connect() -> None:
    """Lets published texts reach the tip channel, and withdrawn texts leave it."""
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
        logger.error("The texts of the tip form (%s) were not written: %s", language, error)


def carry_over(language: str) -> bool:
    """Writes the live texts of a language; the form shows the built-in ones if there are none."""
    live = TipTexts.objects.filter(live=True, locale__language_code=language).first()
    if live is None:
        exchange.remove_texts(language)
        return False
    exchange.write_texts(language, live.texts)
    return True


def languages_behind() -> list[str]:
    """The languages in which the form does not show the published texts."""
    live = {
        each.locale.language_code: each.texts
        for each in TipTexts.objects.filter(live=True).select_related("locale")
    }
    return [
        name
        for code, name in settings.LANGUAGES
        if dict(texts_for(code)) != live.get(code, built_in(code))
    ]
