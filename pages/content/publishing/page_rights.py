"""What Wagtail's own views may do: nobody publishes through them, not even a superuser."""

from typing import Any

from wagtail.locks import BaseLock, ScheduledForPublishLock
from wagtail.models import Page, PagePermissionTester


class PageRights(PagePermissionTester):
    """Says no wherever Wagtail asks whether somebody may do what the newsroom does."""

    def _nobody(self, *_args: Any) -> bool:
        return False

    can_publish = can_publish_subpage = can_unpublish = can_unschedule = _nobody
    can_reorder_children = can_submit_for_moderation = _nobody

    def can_move(self) -> bool:
        return super().can_move() and not self._has_public()

    def can_move_to(self, destination: Page) -> bool:
        return super().can_move_to(destination) and not self._has_public()

    def _has_public(self) -> bool:
        page = self.page  # a list of pages asks it of each
        return page.live or (not page.is_leaf() and page.get_descendants().live().exists())


class LockedMixin:
    """A page or row that says in words of our own that it is locked while it is scheduled."""

    scheduled_lock_class = ScheduledForPublishLock

    def get_lock(self) -> BaseLock | None:
        lock: BaseLock | None = super().get_lock()  # type: ignore[misc]
        is_scheduled = isinstance(lock, ScheduledForPublishLock)
        return self.scheduled_lock_class(self) if is_scheduled else lock
