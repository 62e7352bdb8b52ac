"""What the database knows of a tip: its handling, never its content or who sent it.

The sealed content lies in files (`keeping/vault.py`). Who may log in at the desk stands here too.
Usernames are stored as text, and no foreign key leads to the website's database.
"""

import uuid

from django.db import models
from django.db.models.functions import Lower
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

    def __str__(self) -> str:
        return f"{self.epoch} {self.counter}"


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


class Handler(Stored):
    """One who handles tips. Another handler, or a command on the server, has made the account.

    Neither the CMS nor its database has a part in it. An account is closed and never deleted: the event
    log names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    password = models.CharField(max_length=128, blank=True)  # a hash; empty: none has been chosen
    made_on = models.DateField()
    enrolled_by = models.CharField(max_length=150, blank=True)  # empty: on the server
    is_locked = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)
    # A one-time code with which a password can be chosen, as a hash, and how long it counts.
    code = models.CharField(max_length=128, blank=True)
    code_until = models.DateTimeField(null=True)
    # Browsers that logged in before are strange again (`tips.login.devices`).
    browsers_since = models.DateTimeField(null=True)
    # A hash of all its authenticators, empty if there is none, and the seal on this row with it.
    factors_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    seal = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta(Stored.Meta):
        constraints = [
            # Two spellings of one name would count as two persons.
            models.UniqueConstraint(Lower("username"), name="handler_by_name"),
        ]

    def __str__(self) -> str:
        return self.username


class Authenticator(Stored):
    """A second factor of a handler: a passkey, an app with codes, or ten recovery codes.

    `record` and `signatures` are empty: room for accounts that handlers sign themselves.
    """

    class Kind(models.TextChoices):
        PASSKEY = "webauthn"
        APP = "totp"
        CODES = "codes"

    # What counts as a second factor; recovery codes only stand in for one.
    FACTORS = (Kind.PASSKEY, Kind.APP)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    handler = models.ForeignKey(Handler, models.CASCADE, related_name="authenticators")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    label = models.CharField(max_length=60, blank=True)
    made_on = models.DateField()
    used_on = models.DateField(null=True)
    # A passkey's.
    credential_id = models.BinaryField(max_length=1023, null=True, unique=True)
    public_key = models.BinaryField(max_length=4096, null=True)
    counter = models.PositiveBigIntegerField(default=0)
    # An app's: sealed with the key file of the desk's service, and the last step that was used.
    secret = models.BinaryField(max_length=256, null=True)
    step = models.PositiveBigIntegerField(default=0)
    # Recovery codes that are left, as hashes with one salt.
    codes = models.JSONField(default=dict)
    record = models.TextField(blank=True)
    signatures = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class DeskSession(Stored):
    """A login at the desk. Of the key in the handler's browser, the table has the hash."""

    class Stage(models.TextChoices):
        HALF = "half"  # the password was right; a second factor is to be shown, or made
        IN = "in"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key_hash = models.CharField(max_length=64, unique=True)
    handler = models.ForeignKey(Handler, models.CASCADE, related_name="sessions")
    stage = models.CharField(max_length=4, choices=Stage.choices)
    began = models.DateTimeField()
    seen = models.DateTimeField(db_index=True)
    label = models.CharField(max_length=80, blank=True)
    # When the handler last proved to be there, for what is asked again.
    proven = models.DateTimeField()
    # What a passkey has been asked to sign, and the sealed secret of an app that is being added.
    challenge = models.BinaryField(max_length=64, null=True)
    secret = models.BinaryField(max_length=256, null=True)
    wrong_answers = models.PositiveSmallIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return str(self.id)


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
