"""What the database knows of a tip: its handling, never its content or who sent it.

The sealed content lies in files (`keeping/vault.py`). Usernames are stored as text: no foreign key
leads to the website's database. Who may log in stands there; sessions of the desk lie here.
"""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.base_session import AbstractBaseSession
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

    class Meta(Stored.Meta):
        indexes = [models.Index(fields=["state", "received_on"], name="tip_queue")]

    def __str__(self) -> str:
        return str(self.id)


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

    def __str__(self) -> str:
        return str(self.id)


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
    # A code, a username or a reference: whatever the step needed.
    reason = models.CharField(max_length=150, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta(Stored.Meta):
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class Tombstone(Stored):
    """What is left of a tip that has been purged."""

    id = models.UUIDField(primary_key=True)
    received_on = models.DateField()
    register_no = models.CharField(max_length=40, blank=True)
    decision = models.CharField(max_length=60)
    purged_on = models.DateField()
    proposed_by = models.CharField(max_length=150)
    approved_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return str(self.id)


class HandlerAccount(AbstractBaseUser):
    """An account of one who handles tips, in the only columns that the desk may read.

    A view of the website's database, made by `sapo_site`: it shows the active members of the group who
    have no part in the CMS.
    """

    raises_version = False  # visitors never see an account
    wagtail_reference_index_ignore = True

    last_login = None
    username = models.CharField(max_length=150, unique=True)
    first_name = models.CharField(max_length=150)
    last_name = models.CharField(max_length=150)
    email = models.EmailField()

    objects = models.Manager()
    USERNAME_FIELD = "username"

    class Meta:
        managed = False
        db_table = "sapo_site_handler"
        default_permissions = ()


class DeskSession(Stored, AbstractBaseSession):
    """A login at the desk. The key is a hash of the one in the handler's browser."""

    class Meta(Stored.Meta):
        pass

    def __str__(self) -> str:
        return self.session_key


class LoginAttempt(models.Model):
    """A password that was tried: name and network as keyed hashes, and when, while it counts."""

    name = models.CharField(max_length=64)
    network = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        abstract = True
        default_permissions = ()


class DeskAttempt(Stored, LoginAttempt):
    """A password that was tried at the desk."""

    class Meta(Stored.Meta):
        pass

    def __str__(self) -> str:
        return str(self.at)
