"""What the database knows of a tip: its handling, never its content or who sent it.

The sealed content lies in files (`keeping/vault.py`). Who handles tips stands in the keyring, not here:
rows name them by their ids.
"""

import uuid

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a tip stands on its way from received to purged."""

    RECEIVED = "received", pgettext_lazy("tip", "Received")
    READ = "read", pgettext_lazy("tip", "Read")
    ASSIGNED = "assigned", pgettext_lazy("tip", "Assigned")
    FORWARDED = "forwarded", pgettext_lazy("tip", "Forwarded")
    NO_ACTION = "no_action", pgettext_lazy("tip", "No action")
    SPAM = "spam", pgettext_lazy("tip", "Spam")
    CLOSED = "closed", pgettext_lazy("tip", "Closed")
    PURGED = "purged", pgettext_lazy("tip", "Purged")


class Stored(models.Model):
    raises_version = False  # the content version of the website: visitors never see a tip
    # Wagtail's reference index lies in the website's database.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
        # The desk alone decides who may do what; Django's permissions are never asked.
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class Tip(Stored):
    """A tip from the public: how far its handling has come."""

    id = models.UUIDField(primary_key=True)
    # A date, not a time: a time of day could be matched against the logs of others.
    received_on = models.DateField()
    # Over the names and payloads of its sealed files (`keeping/sealed_files.py`).
    files_digest = models.BinaryField(max_length=32)
    keyring_serial = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    state_on = models.DateField()
    # Every step raises it, so two handlers never overwrite each other. 0: not in the event log yet.
    version = models.PositiveIntegerField(default=0)
    assigned_to = models.CharField(max_length=150, blank=True)
    is_on_hold = models.BooleanField(default=False)
    register_no = models.CharField(max_length=40, blank=True)
    purge_proposed_by = models.CharField(max_length=150, blank=True)
    purge_decision = models.CharField(max_length=60, blank=True)
    # The statements by their hashes: the one that proposes to purge it, and the last of all on it.
    purge_proposal = models.CharField(max_length=64, blank=True)
    statement = models.CharField(max_length=64, blank=True)
    # The hash of what the intake signed of it; empty where it signed nothing.
    arrival_hash = models.CharField(max_length=64, blank=True)

    class Meta(Stored.Meta):
        indexes = [models.Index(fields=["state", "received_on"], name="tip_queue")]


class Arrival(Stored):
    """What the intake has signed of a tip that came in, under the next number. It is never changed."""

    pk = models.CompositePrimaryKey("epoch", "counter")
    epoch = models.CharField(max_length=32)
    counter = models.PositiveBigIntegerField()
    # As the message says; of a number that no tip has, null. Nobody can lay a second one there.
    tip_id = models.UUIDField(null=True, unique=True)
    message = models.BinaryField()
    ed25519 = models.BinaryField(max_length=64)
    mldsa65 = models.BinaryField(max_length=3309)


class Note(Stored):
    """What a handler wrote to the others on a tip, sealed in the browser of the one who wrote."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    tip_id = models.UUIDField(db_index=True)
    # Days alone do not say which of two notes came first.
    place = models.PositiveIntegerField()
    author = models.CharField(max_length=150)
    written_on = models.DateField()
    sealed = models.BinaryField()
    keyring_serial = models.PositiveIntegerField()

    class Meta(Stored.Meta):
        constraints = [models.UniqueConstraint(fields=["tip_id", "place"], name="note_place")]


class Event(Stored):
    """A step in the handling of a tip. Each holds the hash of the one before it."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    tip_id = models.UUIDField(db_index=True)
    tip_version = models.PositiveIntegerField()
    on = models.DateField()
    actor = models.CharField(max_length=150, blank=True)  # empty: the system
    verb = models.CharField(max_length=24)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12, blank=True)
    # A code, a handler or a reference: whatever the step needed.
    reason = models.CharField(max_length=150, blank=True)
    # The hash of what the actor signed; empty: noted by the server.
    statement = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta(Stored.Meta):
        ordering = ["seq"]


class SignedStatement(Stored):
    """What a handler has signed of tips, which events name by its hash. It is never changed."""

    hash = models.CharField(primary_key=True, max_length=64)
    octets = models.BinaryField()
    ed25519 = models.BinaryField(max_length=64)
    mldsa65 = models.BinaryField(max_length=3309)


class Tombstone(Stored):
    """What is left of a tip that has been purged."""

    id = models.UUIDField(primary_key=True)
    received_on = models.DateField()
    register_no = models.CharField(max_length=40, blank=True)
    decision = models.CharField(max_length=60)
    purged_on = models.DateField()
    proposed_by = models.CharField(max_length=150)
    approved_by = models.CharField(max_length=150)
    proposal = models.CharField(max_length=64)
    approval = models.CharField(max_length=64)


class DeskSession(Stored):
    """A login at the desk. Of the key in the handler's browser, the table has a keyed hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key_hash = models.CharField(max_length=64, unique=True)
    handler = models.CharField(max_length=32)  # the id of an entry of the keyring
    began = models.DateTimeField()
    seen = models.DateTimeField(db_index=True)
    # Which tip is on the screen, and when the browser said so: for the others to see, and gone with the session.
    reads = models.UUIDField(null=True)
    reads_at = models.DateTimeField(null=True)


class SpentChallenge(Stored):
    """What has been signed to come in: it lets nobody in a second time."""

    nonce = models.CharField(primary_key=True, max_length=43)
    at = models.DateTimeField(db_index=True)


class LaidStop(Stored):
    """A stop of a handler: nothing but what has been signed, and by whom, whose only one it is."""

    by = models.CharField(primary_key=True, max_length=80)
    text = models.BinaryField()
    signatures = models.BinaryField()
