"""What has been done to accounts, and by whom."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import auto
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone


class AccountEventQuerySet(models.QuerySet["AccountEvent"]):
    def that_tie(self, now: datetime) -> Iterator["AccountEvent"]:
        """Those by which one person had a hand in another account lately, the latest first."""
        ties = self.filter(what__in=AccountEvent.TIES, by__isnull=False)
        recent = ties.filter(at__gt=now - AccountEvent.TIED_FOR, at__lte=now)
        return recent.exclude(by=models.F("account")).order_by("-at").iterator()


class AccountEvent(models.Model):
    """A change of an account, which is never changed or deleted itself."""

    class What(models.TextChoices):
        CREATED = auto()
        ROLE_GIVEN = auto()
        ROLE_TAKEN = auto()
        PASSWORD_SET = auto()
        EMAIL_CHANGED = auto()
        CLOSED_LEFT = auto()
        CLOSED_HIJACKED = auto()
        OPENED = auto()

    class Where(models.TextChoices):
        CMS = auto()
        COMMAND = auto()  # on the server

    # Whoever does one of these could log in as the other.
    TIES = (What.CREATED, What.ROLE_GIVEN, What.PASSWORD_SET, What.EMAIL_CHANGED, What.OPENED)
    TIED_FOR = timedelta(days=7)

    raises_version = False  # visitors never see an account
    wagtail_reference_index_ignore = True

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="account_events"
    )
    # Names are kept as they were then.
    account_name = models.CharField(max_length=310)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField(max_length=310, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    what = models.CharField(max_length=20, choices=What)
    role = models.CharField(max_length=150, blank=True)
    from_where = models.CharField(max_length=10, choices=Where)

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.account_name}: {self.what}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise PermissionDenied
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise PermissionDenied
