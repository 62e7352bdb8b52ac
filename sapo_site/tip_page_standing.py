"""How published texts of the tip page stand with those who handle tips, in an editor's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel

from tips import exchange
from tips.wording.texts import TEXT_FIELDS, built_in_to_edit, shown_texts


class TextsStanding:
    """Whether the texts are shown, wait for a handler, were refused, or have not arrived."""

    def __init__(self, language: str, published: Mapping[str, str]) -> None:
        """Texts that are not published are empty: then the release's own are asked for."""
        digest = exchange.digest_of_texts(language, published)
        refused = exchange.read_refused(language)
        self.shown = shown_texts(language)
        self.texts_shown = built_in_to_edit(language) | self.shown.texts
        self.is_shown = self.shown.digest == digest
        self.has_arrived = self.is_shown or exchange.read_texts(language) == dict(published)
        self.refused_on = refused.on if refused and refused.digest == digest else None

    @property
    def shown_now(self) -> str:
        if self.shown.approved_on is None:
            return _("The tip page shows the built-in texts.")
        return _("The tip page shows texts that the tip desk approved on %(day)s.") % {
            "day": date_format(self.shown.approved_on)
        }

    @property
    def waits(self) -> str:
        """What becomes of what is published; empty when it is shown."""
        if self.is_shown:
            return ""
        if not self.has_arrived:
            return _(
                "What is published has not reached the tip desk. Tell those who run the website."
            )
        if self.refused_on:
            return _(
                "The tip desk refused what is published on %(day)s. Change the texts and publish "
                "them again."
            ) % {"day": date_format(self.refused_on)}
        return _("What is published is waiting for the tip desk.")


class TipPageStandingPanel(Panel):
    """Says beside the texts what the tip page shows now, and what waits."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "sapo_site/tip_page_standing.html"

        def get_context_data(
            self, parent_context: Mapping[str, Any] | None = None
        ) -> dict[str, Any]:
            instance = self.instance
            published = type(instance).objects.public().filter(pk=instance.pk).first()
            standing = TextsStanding(
                instance.locale.language_code, published.texts if published else {}
            )
            return {
                **super().get_context_data(parent_context),
                "standing": standing,
                "texts": [(each.label, standing.texts_shown[each.key]) for each in TEXT_FIELDS],
            }
