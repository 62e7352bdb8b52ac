"""Adds the languages of the site, and the topics of a translated page."""

from typing import Any

from django.conf import settings
from django.db import router
from django.db.models import Model
from wagtail.models import Locale

from pages.content.models import BasePage


def translate_topics(target_obj: Model, **_signal: Any) -> None:
    """Gives a page that is copied for translation its topics in the language of the copy."""
    if not isinstance(target_obj, BasePage) or target_obj.alias_of_id:
        return
    row_model = target_obj.page_topics.model
    rows = list(target_obj.page_topics.select_related("topic"))
    topics = (row.topic.get_translation_or_none(target_obj.locale) for row in rows)
    target_obj.page_topics = [
        row_model(topic=topic, sort_order=order) for order, topic in enumerate(filter(None, topics))
    ]
    target_obj.save(clean=False)
    target_obj.save_revision(clean=False)


def add_languages(using: str, **_signal: Any) -> None:
    """Adds all languages: Wagtail makes only the first, and no page could be translated."""
    if not router.allow_migrate_model(using, Locale):
        return
    for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        Locale.objects.using(using).get_or_create(language_code=code)
