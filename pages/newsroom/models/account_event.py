"""What has been done to accounts, and by whom."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import auto
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop


class AccountEventQuerySet(models.QuerySet["AccountEvent"]):
    def that_tie(self, now: datetime) -> Iterator["AccountEvent"]:
        """Those by which one person had a hand in another account lately, the latest first."""
        ties = self.filter(what__in=AccountEvent.TIES, by__isnull=False)
        recent = ties.filter(at__gt=now - AccountEvent.TIED_FOR, at__lte=now)
        later = {"account": models.OuterRef("account"), "at__gte": models.OuterRef("at")}
        lifted = models.Exists(
            AccountEvent.objects.filter(what=AccountEvent.What.LIFTED, at__lte=now, **later)
        )
        return recent.exclude(by=models.F("account")).exclude(lifted).order_by("-at").iterator()

    def of_late(self, now: datetime) -> "AccountEventQuerySet":
        """All ties of the last week, also those that were lifted, and who lifted them."""
        kinds = (*AccountEvent.TIES, AccountEvent.What.LIFTED)
        return self.filter(what__in=kinds, at__gt=now - AccountEvent.TIED_FOR, by__isnull=False)


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
        LIFTED = auto()  # a chief editor has said that it is a person's own

    class Where(models.TextChoices):
        CMS = auto()
        COMMAND = auto()  # on the server

    # Whoever does one of these can log in as the other.
    WAYS_IN = (What.CREATED, What.PASSWORD_SET)
    TIES = (*WAYS_IN, What.ROLE_GIVEN, What.OPENED)
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

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise PermissionDenied

    def words(self, time: str) -> str:
        """What was done, by whom, and at what time."""
        return gettext(_SENTENCES[self.What(self.what)]) % {
            "by": self.by_name or gettext("A command on the server"),
            "whom": gettext("the own account") if self.by == self.account else self.account_name,
            "role": self.role,
            "time": time,
        }


_What = AccountEvent.What
_CLOSED = gettext_noop("%(by)s has closed the account for %(whom)s at %(time)s.")
_SENTENCES = {
    _What.CREATED: gettext_noop("%(by)s has made an account for %(whom)s at %(time)s."),
    _What.ROLE_GIVEN: gettext_noop("%(by)s has given the role %(role)s to %(whom)s at %(time)s."),
    _What.ROLE_TAKEN: gettext_noop("%(by)s has taken the role %(role)s from %(whom)s at %(time)s."),
    _What.PASSWORD_SET: gettext_noop("%(by)s has changed the password for %(whom)s at %(time)s."),
    _What.EMAIL_CHANGED: gettext_noop(
        "%(by)s has changed the e-mail address for %(whom)s at %(time)s."
    ),
    _What.CLOSED_LEFT: _CLOSED,
    _What.CLOSED_HIJACKED: _CLOSED,
    _What.LIFTED: gettext_noop("%(by)s has counted %(whom)s as a person's own at %(time)s."),
    _What.OPENED: gettext_noop("%(by)s has opened the account for %(whom)s at %(time)s."),
}
