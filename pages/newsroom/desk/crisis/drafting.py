"""Keeps what is typed in Krisläge, and makes drafts of it: a message, a decision, a news item."""

import re
from collections.abc import Mapping
from itertools import count
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.translation import gettext
from wagtail.models import DraftStateMixin, Locale, Page, Revision

from pages.content.models import Alert, MessageType, NewsIndexPage, NewsPage, ThreatLevelDecision
from pages.content.publishing.finished import refuse_unfinished
from pages.content.publishing.stored import content_of
from pages.ground.whole_numbers import whole_number
from pages.importing.edited_text import as_edited
from pages.newsroom.digest import key_of, kind_of
from pages.newsroom.models import CrisisDraft, PreparedMessage
from pages.newsroom.rule import Sendable
from pages.newsroom.sending_together import can_be_sent_together

from .crisis_forms import LEVEL, MESSAGE, NEWS, PAGES, tomorrow_at_noon

# In a tag only: what is typed has none, "<" is stored as "&lt;".
_KEY = re.compile(r'(<[a-z][a-z0-9]*) data-block-key="[^"<>]*"')
_MOST_KEPT = 20_000  # signs of one field
_WORDS = ("level", "heading", "text", "heading_in_english", "text_in_english")


@transaction.atomic
def begin_crisis(user: User, message_type: str, follows: Alert | None, what: str) -> CrisisDraft:
    """A new draft, with the words that it starts from."""
    draft = CrisisDraft(made_by=user, message_type=message_type, follows=follows)
    draft.typed = {"what": [what], "level": Alert.Level.WARNING}
    if message_type == MessageType.ALL_CLEAR:
        draft.typed["ends_at"] = tomorrow_at_noon()
        prepared = PreparedMessage.objects.filter(is_all_clear=True).first()
        if prepared is not None:
            draft.typed |= _words_of(prepared) | {"prepared": str(prepared.pk)}
    elif follows is not None:
        draft.typed |= {name: getattr(follows, name) for name in _WORDS}
    draft.save()
    return draft


def keep_typed(draft: CrisisDraft, form: forms.Form, posted: QueryDict) -> None:
    """Keeps what stands in the fields of the form, right or wrong."""
    for name, field in form.fields.items():
        if isinstance(field, forms.MultipleChoiceField):
            draft.typed[name] = [value[:_MOST_KEPT] for value in posted.getlist(name)]
        elif name in posted:
            draft.typed[name] = posted[name][:_MOST_KEPT]
    draft.save()


def use_prepared(draft: CrisisDraft, prepared: PreparedMessage | None) -> None:
    """Puts the words of a prepared message where nothing else has been written."""
    former = PreparedMessage.objects.filter(pk=draft.typed.get("from_prepared")).first()
    before = _words_of(former) if former else {}
    if draft.follows is not None and draft.message_type != MessageType.ALL_CLEAR:
        before |= {name: getattr(draft.follows, name) for name in _WORDS}
    for name, words in (_words_of(prepared) if prepared else {}).items():
        is_own = bool(draft.typed.get(name)) and draft.typed[name] != before.get(name)
        if name == "level" or not is_own:
            draft.typed[name] = words
    draft.typed["from_prepared"] = prepared.pk if prepared else None
    draft.save()


def _words_of(prepared: PreparedMessage) -> dict[str, str]:
    return {name: getattr(prepared, name) for name in _WORDS}


@transaction.atomic
def put_into_drafts(draft: CrisisDraft, given: Mapping[str, Any], user: User) -> None:
    """Makes or renews the drafts; ValidationError with what keeps one of them from going out."""
    if MESSAGE in draft.what:
        draft.message = _message(draft, given, user)
    if LEVEL in draft.what:
        draft.decision = _decision(draft, given, user)
    if NEWS in draft.what:
        draft.news = _news(draft, given, user)
    draft.save()


def _message(draft: CrisisDraft, given: Mapping[str, Any], user: User) -> Alert:
    alert = _not_public(draft.message) or Alert(locale=Locale.get_default(), live=False)
    for name in (*_WORDS, "what_was_wrong", "what_was_wrong_in_english", "ends_at"):
        if name in given:
            setattr(alert, name, given[name])
    alert.starts_at = given["starts_at"] or (alert.starts_at if alert.pk else timezone.now())
    alert.message_type, alert.follows = draft.message_type, draft.follows
    return _saved(alert, user)


def _decision(draft: CrisisDraft, given: Mapping[str, Any], user: User) -> ThreatLevelDecision:
    decision = _not_public(draft.decision) or ThreatLevelDecision(live=False)
    decision.level, decision.decided_by = given["threat_level"], given["decided_by"]
    decision.decided_at = given["decided_at"] or (
        decision.decided_at if decision.pk else timezone.now()
    )
    decision.text, decision.text_in_english = given["level_text"], given["level_text_in_english"]
    return _saved(decision, user)


def _news(draft: CrisisDraft, given: Mapping[str, Any], user: User) -> NewsPage:
    news = _not_public(draft.news) or NewsPage(live=False, locale=Locale.get_default())
    news.title = news.draft_title = given["news_title"]
    news.lead = given["news_lead"]
    text = given["news_text"]
    prose = {"type": "prose", "value": _paragraphs(text), "id": str(UUID(int=1))}
    news.body = NewsPage._meta.get_field("body").filled([prose] if text else [])
    if news.pk is None:
        here = {"locale__language_code": settings.LANGUAGE_CODE}
        above = NewsIndexPage.objects.live().filter(**here).order_by("path").first()
        if above is None:
            raise ValidationError(gettext("There is no list of news to put the news item into."))
        news.slug = ""
        above.add_child(instance=news)
    return _saved(news, user)


def _paragraphs(text: str) -> str:
    """The text as the editor stores it, with a number for the key of each paragraph.

    Drawn anew, the keys would make another version of the same words.
    """
    numbers = count(10_000)
    edited = as_edited(linebreaks(text, autoescape=True))
    return _KEY.sub(lambda found: f'{found[1]} data-block-key="{next(numbers)}"', edited)


def _not_public(obj: DraftStateMixin) -> Any:
    """The row, unless readers have met it: what they have met is not written over here."""
    return obj if obj is not None and obj.first_published_at is None else None


def _saved(obj: DraftStateMixin, user: User) -> Any:
    """The draft with a new version, if it says something else than the newest."""
    refuse_unfinished(obj)
    obj.clean()
    newest = obj.latest_revision
    if newest is None or content_of(newest.content) != content_of(obj.serializable_data()):
        if obj.pk is None or not isinstance(obj, Page):
            obj.save()
        obj.save_revision(user=user)
    return obj


def sendables_of(draft: CrisisDraft) -> dict[str, Sendable]:
    """The newest version of each object that goes out, by the names that the newsroom gives them."""
    wanted: list[Any] = [
        draft.message if MESSAGE in draft.what else None,
        draft.decision if LEVEL in draft.what else None,
        draft.news if NEWS in draft.what else None,
    ]
    if PAGES in draft.what:
        sent = map(whole_number, draft.typed.get("pages", []))
        keys = [key for key in sent if key is not None]
        found = Page.objects.specific().in_bulk(keys)
        # What is typed is kept unasked, and what was chosen may have been sent or locked meanwhile.
        wanted += [
            found[key]
            for key in keys
            if key in found and can_be_sent_together(found[key], draft.made_by)
        ]
    sendables: dict[str, Sendable] = {}
    for obj in wanted:
        revision: Revision | None = obj.latest_revision if obj is not None else None
        if revision is not None:
            sendables[f"{kind_of(obj)}:{key_of(obj)}"] = revision
    return sendables


def what_is_missing(draft: CrisisDraft) -> bool:
    """Whether something that was chosen has not been written yet."""
    made = {MESSAGE: draft.message_id, LEVEL: draft.decision_id, NEWS: draft.news_id}
    return not draft.what or any(what in made and not made[what] for what in draft.what)
