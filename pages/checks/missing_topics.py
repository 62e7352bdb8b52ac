"""Pages that no topic leads to."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from pages.content.models import BasePage

from .checked_content import Content
from .findings import Colour, ContentCheck, Finding
from .met import Spot


class MissingTopics(ContentCheck):
    name = "no_topic"
    colour = Colour.AMBER
    title = _("No topic is chosen")
    why = _("The page will be hard to find.")
    fix = _("Tick two or three topics.")

    def find(self, content: Content) -> Iterator[Finding]:
        page: Any = content.object
        # Only those whose form offers topics.
        if BasePage.topics_panel not in getattr(page, "content_panels", ()):
            return
        # A twin is found from the page that it is the twin of.
        if not page.page_topics.all() and not getattr(page, "twin_kind", ""):
            yield self.finding(Spot("topics", "topics"))
