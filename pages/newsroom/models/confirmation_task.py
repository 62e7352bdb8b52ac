"""The one step of the approval workflow of the CMS: two persons confirm."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task

from pages.content.publishing.roles import is_chief


class ConfirmationTask(Task):
    """Says that an object is sent, and locks it for all but chief editors.

    It offers no action: Wagtail's buttons and addresses for approving have nothing to do. What was
    sent is confirmed by `pages.newsroom.submissions`.
    """

    raises_version = False  # visitors never see it

    class Meta:
        verbose_name = _("approval by two persons")
        verbose_name_plural = _("approvals by two persons")

    def locked_for_user(self, obj: Any, user: AbstractUser) -> bool:
        return not is_chief(user)

    def page_locked_for_user(self, page: Any, user: AbstractUser) -> bool:
        return not is_chief(user)

    def user_can_access_editor(self, obj: Any, user: AbstractUser) -> bool:
        return False

    @classmethod
    def get_description(cls) -> str:
        return str(_("Two persons confirm the same content, at least one of them a chief editor."))
