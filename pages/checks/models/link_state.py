"""What the addresses that public content leads to answered last night."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Trouble(models.TextChoices):
    """Why an address gave no answer."""

    NO_NAME = "name", _("there is no such website")
    NO_ANSWER = "connection", _("no answer")
    TOO_SLOW = "timeout", _("no answer in time")
    CERTIFICATE = "certificate", _("the certificate is not right")
    TOO_MANY_TURNS = "redirects", _("it is led on and on")
    NOT_OURS_TO_ASK = "refused", _("an address that is not asked")
    NOT_PUBLIC = "not_public", _("visitors cannot read it")
    WAITING = "waiting", _("no page is there yet")
    STRANGE = "strange", _("an answer that makes no sense")


class LinkStates(models.QuerySet["LinkState"]):
    def failing(self) -> "LinkStates":
        """Those that did not answer as a page or a file does, and ours at which no page is yet."""
        return self.filter(failing_since__isnull=False)

    def of(self, addresses: "set[str]") -> "LinkStates":
        return self.filter(address__in=addresses)


class LinkState(models.Model):
    """What an address answered when it was last asked; also one of our own that leads to nothing."""

    raises_version = False  # visitors never meet it
    wagtail_reference_index_ignore = True

    MOST = 1_000  # of an address: longer ones are not asked

    address = models.CharField(_("Address"), max_length=MOST, unique=True)
    # The number of the answer, or a `Trouble`.
    status = models.CharField(_("Answer"), max_length=40)
    checked_at = models.DateTimeField(_("Asked"))
    failing_since = models.DateTimeField(_("Does not answer since"), null=True, blank=True)
    # Who leads to it in public: kind and key of each.
    named_by = models.JSONField(_("Named by"), default=list)

    objects = LinkStates.as_manager()

    class Meta:
        ordering = ["failing_since", "address"]
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return self.address

    def note(self, status: str, *, is_failing: bool, at: datetime) -> None:
        """Takes an answer in; since when it fails stays while it goes on failing."""
        self.status, self.checked_at = status, at
        self.failing_since = (self.failing_since or at) if is_failing else None

    @property
    def answer(self) -> str:
        """What it answered, in words."""
        if self.status in Trouble.values:
            return str(Trouble(self.status).label)
        return gettext("answer %(status)s") % {"status": self.status}

    @property
    def is_recent(self) -> bool:
        """Whether the answer is of the last nights: an old one says nothing."""
        return self.checked_at > timezone.now() - timedelta(days=7)
