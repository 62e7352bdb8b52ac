"""Pages that another one has left behind: in English, in easy Swedish, signed or in another language."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from pages.content.models.base import OnceInEachLanguage
from pages.content.references.shelves import listed_page_with
from pages.content.tree.listed import changed_since

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Spot


class OlderEnglish(ContentCheck):
    name = "older_english"
    colour = Colour.AMBER
    title = _("The English page is older")
    why = _("The Swedish one was changed on %(swedish)s, the English one on %(english)s.")
    fix = _("Update the English one, or tell whoever translates.")

    def find(self, content: Content) -> Iterator[Finding]:
        page = content.object
        if not isinstance(page, Page) or page.pk is None or not hasattr(page, "changed_on"):
            return
        dates = _dates_of(page)
        swedish = dates.pop(settings.LANGUAGE_CODE, None)
        for other in dates.values():
            if swedish and other and other[1] < swedish[1]:
                if page.pk != other[0].pk and content.is_sent_together(other[0]):
                    continue
                yield self.finding(
                    Spot("", ""),
                    words=other[0].title,
                    said={"swedish": _said(swedish[1]), "english": _said(other[1])},
                )


class LoneEnglish(ContentCheck):
    """Of what there is once in each language, readers expect to be led from one to the other."""

    name = "lone_english"
    colour = Colour.AMBER
    title = _("The page has no twin in the other language")
    why = _(
        "There is one there, “%(title)s”, but neither leads to the other: they were not "
        "made of each other by Translate."
    )
    fix = _("Make the English page anew, by Translate on the Swedish one.")

    def find(self, content: Content) -> Iterator[Finding]:
        page = content.object
        if not isinstance(page, OnceInEachLanguage):
            return
        others = type(page)._base_manager.exclude(locale=page.locale_id)
        if others.exists() and not others.filter(translation_key=page.translation_key).exists():
            yield self.finding(Spot("", ""), said={"title": others[0].title})


def _dates_of(page: Page) -> dict[str, tuple[Page, date] | None]:
    """Language -> the public page in it, and when readers are told that it was changed."""
    pages = type(page)._base_manager.filter(translation_key=page.translation_key, live=True)
    return {
        each.locale.language_code: (each, each.changed_on) if each.changed_on else None
        for each in pages.select_related("locale")
    }


def _said(day: date) -> str:
    return date_format(day, "j F" if day.year == localdate().year else "j F Y")


class OlderTwins(ContentCheck):
    name = "older_twin"
    colour = Colour.AMBER
    title = _("The ordinary page has changed since they were compared")
    why = _("“%(title)s” was changed on %(day)s. Readers are told.")
    fix = _("Read both. If they say the same, empty the moment of comparing.")

    def find(self, content: Content) -> Iterator[Finding]:
        key = getattr(content.object, "twin_of_id", None)
        compared_at = getattr(content.object, "compared_at", None)
        original = listed_page_with(key) if key else None
        changed_on = changed_since(original, compared_at)
        if original and changed_on:
            yield self.finding(
                Spot("compared_at", "compared_at"),
                words=original.title,
                said={"title": original.title, "day": date_format(changed_on, "j F Y")},
            )
