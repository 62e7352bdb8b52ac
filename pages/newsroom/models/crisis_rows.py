"""What editors keep for a bad day: prepared messages, whom to call and ask, what is being put together."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pages.content.models.alert import LONGEST_TEXT, Alert, MessageType
from pages.content.models.news import NewsPage
from pages.content.models.threat_level import ThreatLevelDecision
from pages.content.publishing.roles import CHIEF_EDITORS

from .confirming import Submission


class OfCrises(models.Model):
    """A row that no visitor meets: what it leads to goes through the newsroom."""

    raises_version = False  # visitors never meet it
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True


class PreparedMessage(OfCrises):
    """Words in both languages that are ready before they are needed."""

    not_for_readers = ("name", "heading", "text", "heading_in_english", "text_in_english")

    name = models.CharField(_("Name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("Order"), default=100)
    is_all_clear = models.BooleanField(
        _("For when the danger is over"),
        default=False,
        help_text=_("It takes the place of a message that is out."),
    )
    level = models.CharField(
        _("Level"), max_length=12, choices=Alert.Level.choices, default=Alert.Level.WARNING
    )
    heading = models.CharField(_("Heading"), max_length=120)
    text = models.TextField(_("Text"), blank=True, max_length=LONGEST_TEXT)
    heading_in_english = models.CharField(_("Heading in English"), max_length=120)
    text_in_english = models.TextField(_("Text in English"), blank=True, max_length=LONGEST_TEXT)

    panels = [
        "name", "position", "is_all_clear", "level",
        "heading", "text", "heading_in_english", "text_in_english",
    ]  # fmt: skip

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("prepared message")
        verbose_name_plural = _("prepared messages")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if bool(self.text.strip()) != bool(self.text_in_english.strip()):
            raise ValidationError(
                {"text_in_english": _("Write the text in both languages, or in none.")}
            )


class CallNumber(OfCrises):
    """Whom to call when something must be approved at once."""

    not_for_readers = ("name", "phone")

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("Account"),
        help_text=_("Empty for a number that belongs to nobody, such as that of who is on duty."),
    )
    name = models.CharField(
        _("Name"), max_length=80, blank=True, help_text=_("Such as On duty. Not for an account.")
    )
    phone = models.CharField(_("Telephone"), max_length=40)

    panels = ["account", "name", "phone"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("number to call")
        verbose_name_plural = _("numbers to call")

    def __str__(self) -> str:
        return f"{self.whose} {self.phone}"

    @classmethod
    def of_nobody(cls) -> "models.QuerySet[CallNumber]":
        """Such as that of who is on duty."""
        return cls.objects.filter(account=None)

    @classmethod
    def of_accounts(cls) -> dict[int | None, str]:
        """The key of an account -> the number of its person."""
        return dict(cls.objects.exclude(account=None).values_list("account", "phone"))

    @property
    def whose(self) -> str:
        account: Any = self.account
        return (account.get_full_name() or account.get_username()) if account else self.name

    @property
    def dialled(self) -> str:
        return re.sub(r"[^\d+]", "", self.phone)

    def clean(self) -> None:
        super().clean()
        if not self.account_id and not self.name.strip():
            raise ValidationError({"name": _("Choose an account, or write whose number it is.")})


class Duty(OfCrises):
    """A row of the rota: from this day on the chief editor is asked first, until the next row's day."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        limit_choices_to={"groups__name": CHIEF_EDITORS, "is_active": True},
        verbose_name=_("On call"),
    )
    begins = models.DateField(_("From"), unique=True, default=localdate)

    panels = ["begins", "account"]

    class Meta:
        ordering = ["begins"]
        verbose_name = _("turn on call")
        verbose_name_plural = _("turns on call")

    def __str__(self) -> str:
        return f"{self.begins} {self.account}"


class CrisisDraft(OfCrises):
    """What a chief editor puts together to go out at once; all that was typed is kept in it."""

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    message_type = models.CharField(
        max_length=12, choices=MessageType.choices, blank=True, default=MessageType.NEW
    )
    follows = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="+")
    # Name of a field -> what stands in it, also what is wrong or half.
    typed = models.JSONField(default=dict)
    message = models.ForeignKey(Alert, null=True, on_delete=models.SET_NULL, related_name="+")
    decision = models.ForeignKey(
        ThreatLevelDecision, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    news = models.ForeignKey(NewsPage, null=True, on_delete=models.SET_NULL, related_name="+")
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submission = models.OneToOneField(
        Submission, null=True, on_delete=models.PROTECT, related_name="crisis"
    )
    put_out_alone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        if heading := self.typed.get("heading"):
            return str(heading)
        if self.message_type:
            return self.get_message_type_display()
        return gettext("New threat level") if self.what == ["level"] else gettext("New message")

    @property
    def what(self) -> list[str]:
        """What goes out: message, level, news, pages."""
        return list(self.typed.get("what", ["message"]))
