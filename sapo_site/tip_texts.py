"""Carries the texts that are live in the CMS over to the tip channel, as files."""

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
    """From now on, what is published reaches the tip channel, and what is withdrawn leaves it."""
    for signal in (published, unpublished, post_delete):
        signal.connect(_carry_over_when_committed, sender=TipTexts)


def _carry_over_when_committed(instance: TipTexts, **_signal: Any) -> None:
    language = instance.locale.language_code
    transaction.on_commit(lambda: _carry_over_or_log(language))


def _carry_over_or_log(language: str) -> None:
    """What is published stays so: the CMS says that it has not arrived, until it has."""
    try:
        carry_over(language)
    except OSError as error:
        logger.error("The texts of the tip form (%s) were not written: %s", language, error)


def carry_over(language: str) -> bool:
    """Writes the texts that are live in a language; without any, the built-in ones hold."""
    live = TipTexts.objects.filter(live=True, locale__language_code=language).first()
    if live is None:
        exchange.remove_texts(language)
        return False
    exchange.write_texts(language, live.texts)
    return True


def languages_behind() -> list[str]:
    """The languages in which the form does not say what is published."""
    live = {
        each.locale.language_code: each.texts
        for each in TipTexts.objects.filter(live=True).select_related("locale")
    }
    return [
        name
        for code, name in settings.LANGUAGES
        if dict(texts_for(code)) != live.get(code, built_in(code))
    ]
