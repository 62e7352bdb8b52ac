"""Messages from readers who cannot use something, or ask for it in another form."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel

# The law says "without delay"; this is the agency's own bound. Holidays count as any other day.
WORKING_DAYS = 10
DAYS_KEPT = 90
_SATURDAY = 5


class AccessibilityMessage(models.Model):
    """One message, from when it was taken in until some time after it was closed."""

    class About(models.TextChoices):
        FAULT = "fault", _("Something on the website does not work for me")
        COPY = "copy", _("I want to have something in a form that works for me")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("Answered")
        NOTHING_TO_ANSWER = "none", _("Nothing to answer, or nobody to answer to")
        TIP = "tip", _("It was a tip: those who handle tips have it, and it is erased here")

    raises_version = False  # visitors never meet it
    wagtail_reference_index_ignore = True

    key = models.CharField(max_length=64, unique=True, editable=False)
    about = models.CharField(_("What it is about"), max_length=10, choices=About.choices)
    place = models.CharField(_("Page or file"), max_length=300, blank=True)
    text = models.TextField(_("Message"), blank=True)
    contact = models.TextField(_("How to answer"), blank=True)
    language = models.CharField(_("Written in"), max_length=10, choices=settings.LANGUAGES)
    arrived_on = models.DateField(_("Arrived"))
    answer_by = models.DateField(_("Answer by"))
    taken_in_at = models.DateTimeField(auto_now_add=True, editable=False)
    given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Given to"),
    )
    note = models.TextField(
        _("What was done"),
        blank=True,
        help_text=_("What was answered, and when. It is deleted together with the message."),
    )
    outcome = models.CharField(_("Close as"), max_length=10, choices=Outcome.choices, blank=True)
    closed_on = models.DateField(_("Closed"), null=True, blank=True, editable=False)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel(name, read_only=True)
                for name in (
                    "about",
                    "place",
                    "text",
                    "contact",
                    "language",
                    "arrived_on",
                    "answer_by",
                )
            ],
            heading=_("The message"),
        ),
        HelpPanel(template="sapo_site/message_that_is_a_tip.html", heading=_("Is it a tip?")),
        MultiFieldPanel([FieldPanel("given_to"), "note", "outcome"], heading=_("Handling")),
    ]

    class Meta:
        # The open ones first, and of these the one that is to be answered first.
        ordering = ["outcome", "answer_by", "pk"]
        verbose_name = _("message on accessibility")
        verbose_name_plural = _("messages on accessibility")

    def __str__(self) -> str:
        """Stands in lists, logs and titles: nothing of what was written."""
        return gettext("Message %(reference)s") % {"reference": self.reference}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Dates what is closed, and erases what was a tip: its place is not here."""
        if not self.outcome:
            self.closed_on = None
        elif self.closed_on is None:
            self.closed_on = localdate()
        if self.outcome == self.Outcome.TIP:
            self.place = self.text = self.contact = ""
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.outcome and self.outcome != self.Outcome.TIP and not self.note.strip():
            raise ValidationError({"note": _("Write what was done before you close the message.")})

    @property
    def reference(self) -> str:
        return reference_of_key(self.key)

    @property
    def is_overdue(self) -> bool:
        return not self.outcome and self.answer_by < localdate()

    @property
    def standing(self) -> str:
        """Open, late, or how it was closed, in a word."""
        if self.outcome:
            return pgettext("a message", "Closed")
        if self.is_overdue:
            return pgettext("a message", "Late")
        return pgettext("a message", "Open")

    @classmethod
    def purge(cls) -> int:
        """Deletes what was closed long enough ago, and returns how many they were."""
        past = cls.objects.filter(closed_on__lt=localdate() - timedelta(days=DAYS_KEPT))
        return past.delete()[0]


def answer_by(arrived_on: date) -> date:
    """The day on which a message is to be answered at the latest."""
    day, left = arrived_on, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


def reference_of_key(key: str) -> str:
    """What the reader is given, short enough to say on the telephone."""
    return f"{key[:4]}-{key[4:8]}".upper()
