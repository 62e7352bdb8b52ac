"""What somebody reads who opens what is sent, or what is scheduled."""

from django.contrib.auth.models import User
from django.utils.translation import gettext
from wagtail.locks import ScheduledForPublishLock, WorkflowLock

from pages.content.publishing.page_rights import LockedMixin
from pages.newsroom.models import ConfirmationTask
from pages.newsroom.moments import clock, weekday_of
from pages.newsroom.proposals import title_of


class LockedWhileSent(WorkflowLock):
    """Locked for all but chief editors until somebody answers, or the sender takes it back."""

    def get_message(self, user: User) -> str | None:
        if not self.for_user(user):
            return None
        return gettext(
            "“%(title)s” is locked while it waits for approval. Take it back if you want to change it."
        ) % {"title": title_of(self.object)}

    def get_locked_by(self, user: User, can_lock: bool = False) -> str:
        return gettext("Locked while it waits for approval")

    def get_description(self, user: User, can_lock: bool = False) -> str:
        return gettext("Chief editors can still change it.")


class LockedWhileScheduled(ScheduledForPublishLock):
    """Locked for everybody: what goes out at its time is what was confirmed."""

    def get_message(self, user: User) -> str:
        at = self.object.scheduled_revision.approved_go_live_at
        return gettext("“%(title)s” is approved and will be published on %(day)s at %(time)s.") % {
            "title": title_of(self.object),
            "day": weekday_of(at),
            "time": clock(at),
        }


def lock_what_is_sent() -> None:
    ConfirmationTask.lock_class = LockedWhileSent
    LockedMixin.scheduled_lock_class = LockedWhileScheduled
