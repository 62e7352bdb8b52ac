"""What Wagtail's history says of what was sent, approved and published: in the words of the newsroom."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter

_WORDS = {
    "wagtail.publish": _("Published"),
    "wagtail.workflow.start": _("Sent for approval"),
    "wagtail.workflow.approve": _("Approved"),
    "wagtail.workflow.reject": _("Changes asked for"),
    "wagtail.workflow.cancel": _("Waits no longer"),
}


def tell_history(actions: LogActionRegistry) -> None:
    """In place of the names of a workflow and its tasks, of which there is one; after Wagtail's own."""
    for action, words in _WORDS.items():
        actions.formatters[action] = _saying(words, actions.formatters[action])
    actions.choices = [(action, _WORDS.get(action, label)) for action, label in actions.choices]


def _saying(words: Promise, former: LogFormatter) -> LogFormatter:
    class Saying(type(former)):  # type: ignore[misc]  # its comments stay
        def format_message(self, entry: Any) -> str:
            is_public = entry.action == "wagtail.publish" and entry.revision
            note = is_public and entry.revision.content.get("change_note")
            return f"{words}: ”{note}”" if note else str(words)

    told: LogFormatter = Saying()
    return told
