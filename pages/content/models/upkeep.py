"""Who keeps a page true, when it is to be read again, and on which day it was last found right."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from pages.content.publishing.roles import CONFIRMING, EDITORS, groups_of, is_chief, may_confirm
from pages.ground.models import ContentVersion

_A_MONTH = timedelta(days=365) / 12


class UpkeepRows(models.QuerySet["Upkeep"]):
    def owned_by(self, user: AbstractUser) -> "UpkeepRows":
        """The person's own, and those of a role of the person's that no open account owns."""
        is_nobodys = models.Q(person=None) | models.Q(person__is_active=False)
        return self.filter(models.Q(person=user) | is_nobodys & models.Q(role__in=groups_of(user)))


class Upkeep(models.Model):
    """A row beside a page. Only the day on which it was read meets readers: a date and no words.

    That is the one thing that one person makes public. Owner and dates are no content of the page.
    """

    raises_version = False  # visitors meet only the day, and `note_read` raises it
    wagtail_reference_index_ignore = True
    MONTHS = [(each, each) for each in (3, 6, 12, 24)]

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="upkeep")
    role = models.CharField(
        _("Owner"), max_length=20, choices=[(each, each) for each in CONFIRMING], default=EDITORS
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"groups__name__in": CONFIRMING, "is_active": True},
        verbose_name=_("Or one person"),
    )
    months = models.PositiveSmallIntegerField(_("Months between"), choices=MONTHS, default=12)
    due_on = models.DateField(_("To be read again by"))
    read_on = models.DateField(null=True, editable=False)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
    )

    objects = UpkeepRows.as_manager()

    def __str__(self) -> str:
        return str(self.page)

    @property
    def owner(self) -> str:
        """The person, while the account is open; else the role."""
        person: Any = self.person
        is_there = person and person.is_active
        return (person.get_full_name() or person.get_username()) if is_there else self.role

    def clean(self) -> None:
        if self.due_on and self.due_on > localdate() + 24 * _A_MONTH:
            raise ValidationError({"due_on": _("Choose a day within two years.")})

    def may_be_read_by(self, user: AbstractUser) -> bool:
        """Whether it is the user's to say that the page is right: the owner's, or a chief editor's."""
        is_owner = Upkeep.objects.owned_by(user).filter(pk=self.pk).exists()
        return is_chief(user) or (is_owner and may_confirm(user))

    def postpone(self, day: date) -> None:
        """The next reading is this long after the day."""
        self.due_on = day + self.months * _A_MONTH
        self.save()

    @transaction.atomic
    def note_read(self, user: Any) -> None:
        """Lets readers meet the day of today."""
        ContentVersion.hold()
        self.read_on, self.read_by = localdate(), user
        self.postpone(self.read_on)
        ContentVersion.raise_version(*self.page.specific_class.version_kinds)


def keep_true(instance: Any, **_signal: object) -> None:
    """What was published anew today has been read, and is read again when its months have passed."""
    defaults = {"months": instance.read_again_after, "due_on": localdate()}
    upkeep, is_new = Upkeep.objects.get_or_create(page_id=instance.pk, defaults=defaults)
    if is_new or instance.changed_on == localdate():
        upkeep.postpone(localdate())
