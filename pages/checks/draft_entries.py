"""What the content shows of a register, where readers would meet nothing: a draft."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.content.models import RegisterEntry

from .checked_content import Content
from .findings import ContentCheck, Finding


class DraftEntries(ContentCheck):
    name = "draft_entry"
    title = _("“%(name)s” is not published")
    why = _("The page shows something of a register that is still a draft.")
    fix = _("Send it for approval, or choose another.")

    def find(self, content: Content) -> Iterator[Finding]:
        for mention in content.mentions:
            if not issubclass(mention.model, RegisterEntry):
                continue
            entry = content.named(mention.model, mention.key)
            if entry is None or entry.live or content.is_sent_together(entry):
                continue
            yield self.finding(
                mention.spot,
                words=str(entry),
                about=f"{mention.model._meta.model_name} {mention.key}",
                target=entry,
                said={"name": entry},
            )
