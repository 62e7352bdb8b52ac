"""What two persons have confirmed, and what became public on which ground. Decision 0039 says why."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from pages.ground.version.sealed_rows import seal_of


class NewsroomRow(models.Model):
    """A row of the newsroom's own records, which no visitor meets."""

    raises_version = False  # what it leads to does

    class Meta:
        abstract = True


class LastingRow(NewsroomRow):
    """A row that is written once, and holds the hash of the one before it.

    Whoever writes holds the content version, so that two cannot follow the same row. It is judged
    for ever by the recipe under which it was sealed.
    """

    # Recipe -> the names that it seals. It only grows: no recipe changes, and no field of one goes.
    SEALED: ClassVar[dict[int, tuple[str, ...]]]

    recipe = models.PositiveSmallIntegerField(editable=False, db_default=1)
    former = models.CharField(max_length=64, blank=True, editable=False)
    hash = models.CharField(max_length=64, editable=False)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"A {self._meta.verbose_name} is never changed.")
        last = type(self)._base_manager.order_by("-pk").values_list("hash", flat=True)
        self.former = last.first() or ""
        self.recipe = max(self.SEALED)
        self.hash = self.seal()
        super().save(*args, **kwargs)

    def seal(self) -> str:
        """The hash over what the recipe names; empty under a recipe that nobody knows."""
        names = self.SEALED.get(self.recipe)
        return seal_of(self, self.recipe, self.former, names) if names else ""


class ObjectOfReaders(models.Model):
    """Which object a row is about: the fixed kind of its model, or an act's, and its key."""

    kind = models.CharField(max_length=100)
    key = models.CharField(max_length=255)

    class Meta:
        abstract = True


class Proposal(ObjectOfReaders, NewsroomRow):
    """An act that changes what readers meet, such as moving a page; carried out when confirmed."""

    act = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict)
    file = models.FileField(upload_to="proposals", blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    carried_out_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.act} {self.kind} {self.key}"


class Submission(NewsroomRow):
    """What was sent for approval together: it becomes public together, or not at all."""

    class Outcome(models.TextChoices):
        OPEN = "", _("Waiting for approval")
        PUBLISHED = "published", _("Published")
        SCHEDULED = "scheduled", _("Scheduled")
        RETURNED = "returned", _("Changes asked for")
        TAKEN_BACK = "taken_back", _("Taken back")
        REPLACED = "replaced", _("Sent again")
        LAPSED = "lapsed", _("Lapsed")
        STOPPED = "stopped", _("Stopped")

    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    sent_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(_("Message to whoever approves"), blank=True)
    wanted_by = models.DateTimeField(_("Wanted before"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(
        max_length=12, choices=Outcome.choices, blank=True, default=Outcome.OPEN
    )
    closing_note = models.TextField(blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["outcome", "-sent_at"], name="submission_outcome")]

    def __str__(self) -> str:
        return ", ".join(str(item) for item in self.items.all())

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN


class SubmittedItem(ObjectOfReaders, NewsroomRow):
    """One object of what was sent: the version, or the act, and its digest."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="items")
    # Gone with a draft that was deleted, which nobody has approved.
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposal = models.OneToOneField(
        Proposal, null=True, blank=True, on_delete=models.PROTECT, related_name="item"
    )
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=255)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["kind", "key"], name="submitted_object")]

    def __str__(self) -> str:
        return self.title

    @property
    def sendable(self) -> "Revision | Proposal | None":
        """What two persons decide on: a version or an act."""
        return self.proposal or self.revision


class Confirmation(ObjectOfReaders, LastingRow):
    """One person has, at one moment, stood behind one digest."""

    class Way(models.TextChoices):
        SENT = "sent", _("sent it")
        CONFIRMED = "confirmed", _("approved it")
        CHANGED = "changed", _("changed it")
        EMERGENCY = "emergency", _("put it out alone")

    SEALED = {
        1: (
            "kind", "key", "person_id", "person_name", "as_chief", "at", "digest", "along",
            "reasons", "way", "submission_id",
        )
    }  # fmt: skip

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="confirmations"
    )
    person_name = models.CharField(max_length=255)
    as_chief = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64)
    # The companions of the object, as they were: "kind:key" -> the digest of each.
    along = models.JSONField(default=dict)
    # Findings that the person waives: finding -> why.
    reasons = models.JSONField(default=dict)
    way = models.CharField(max_length=10, choices=Way.choices)
    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="confirmations"
    )

    class Meta(LastingRow.Meta):
        verbose_name = "confirmation"
        indexes = [models.Index(fields=["kind", "key", "digest"], name="confirmed_digest")]

    def __str__(self) -> str:
        return f"{self.person_name}: {self.kind} {self.key}"


class Ending(NewsroomRow):
    """A confirmation holds no longer, and why."""

    class Why(models.TextChoices):
        TAKEN_BACK = "taken_back", _("Taken back")
        RETURNED = "returned", _("Changes asked for")
        USED_UP = "used_up", _("Approved, or another version was published")
        WITHDRAWN = "withdrawn", _("Removed from the website")
        STOPPED = "stopped", _("Stopped")
        LAPSED = "lapsed", _("Lapsed")
        ACCOUNT_CLOSED = "account_closed", _("The account was closed")

    confirmation = models.OneToOneField(
        Confirmation, on_delete=models.PROTECT, related_name="ending"
    )
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    why = models.CharField(max_length=14, choices=Why.choices)

    def __str__(self) -> str:
        return f"{self.confirmation}: {self.why}"


class Approval(ObjectOfReaders, LastingRow):
    """The ground on which a digest may be public."""

    class Ground(models.TextChoices):
        TWO = "two", _("Approved by two")
        EMERGENCY = "emergency", _("Put out in an emergency")
        BEFORE_THE_RULE = "before_the_rule", _("Public before the rule")
        DEMO = "demo", _("Content of the demo")

    # The grounds on which the rule itself has answered.
    BY_RULE = (Ground.TWO,)

    SEALED = {
        1: (
            "kind", "key", "digest", "ground", "confirmations", "submission_id", "revision_id",
            "proposal_id", "decided_at", "due_at", "reason",
        )
    }  # fmt: skip

    digest = models.CharField(max_length=64)
    ground = models.CharField(max_length=16, choices=Ground.choices)
    # Keys of the two confirmations, or of the one of an emergency.
    confirmations = models.JSONField(default=list)
    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="approvals"
    )
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposal = models.ForeignKey(
        Proposal, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta(LastingRow.Meta):
        verbose_name = "approval"
        indexes = [
            models.Index(fields=["kind", "key"], name="approved_object"),
            models.Index(fields=["ground", "decided_at"], name="approval_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.ground}: {self.kind} {self.key}"

    @property
    def sendable(self) -> "Revision | Proposal | None":
        """What two persons decide on: a version or an act."""
        return self.proposal or self.revision

    @property
    def words(self) -> models.QuerySet[Confirmation]:
        """The confirmations on which it stands, in the order in which they were given."""
        return Confirmation.objects.filter(pk__in=self.confirmations).order_by("pk")

    @property
    def title(self) -> str:
        """The name of the object when it was approved."""
        if self.submission is not None:
            item = self.submission.items.filter(kind=self.kind, key=self.key).first()
            if item is not None:
                return item.title
        if self.revision is not None:
            return self.revision.object_str
        done = self.publications.filter(kind=self.kind, key=self.key).first()
        return done.title if done else str(self.proposal)


class StopOrder(NewsroomRow):
    """Somebody, or its time, has stopped what was approved and had not gone out."""

    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, related_name="stop")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    why = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.approval}: {self.why}"


class Review(NewsroomRow):
    """Another person has looked, afterwards, at what a chief put out alone."""

    class Answer(models.TextChoices):
        RIGHT = "right", _("It is right")
        TO_CHANGE = "to_change", _("It must be changed")

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="reviews")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=255)
    at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=10, choices=Answer.choices)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.approval}: {self.answer}"


class Publication(ObjectOfReaders, LastingRow):
    """What readers met of an object from a moment on, and on which ground."""

    class How(models.TextChoices):
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("removed from the website")
        CARRIED = "carried", _("carried over")
        ENDED = "ended", _("ended at its time")

    SEALED = {
        1: (
            "kind", "key", "approval_id", "revision_id", "live_digest", "title", "at", "how",
            "carried_from_id", "migration",
        )
    }  # fmt: skip

    approval = models.ForeignKey(
        Approval, null=True, on_delete=models.PROTECT, related_name="publications"
    )
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Of the version and its place, or of what has no versions; empty once nothing of it is public.
    live_digest = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=10, choices=How.choices)
    carried_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    migration = models.CharField(max_length=100, blank=True)

    class Meta(LastingRow.Meta):
        verbose_name = "publication"
        indexes = [models.Index(fields=["kind", "key", "-id"], name="publication_of_object")]

    def __str__(self) -> str:
        return f"{self.how}: {self.kind} {self.key}"

    @classmethod
    def last_of(cls, kind: str, key: str) -> "Publication | None":
        """What readers meet of the object now."""
        return cls.objects.filter(kind=kind, key=key).order_by("-pk").first()
