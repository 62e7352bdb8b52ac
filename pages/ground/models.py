"""One row that changes whenever published content changes."""

import uuid
from typing import Any

from django.db import models, transaction
from django.dispatch import Signal

from pages.ground.version.memory import Version


class ContentVersion(models.Model):
    """The version of all published content. `pages.ground.version.memory` says what it is for."""

    raises_version = False  # it is the version
    # Sent for each new version, in the transaction of the change, with its `value`, the `former` one,
    # and the `kinds` that have changed (all, if none is named).
    raised = Signal()

    value = models.CharField(max_length=32)
    # Kind of content -> the value drawn at its last change; the key "" is for all other kinds.
    stamps = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.value

    @classmethod
    def current(cls) -> str:
        """The version now; empty before anything is published."""
        return cls.objects.filter(pk=1).values_list("value", flat=True).first() or ""

    @classmethod
    def now(cls) -> Version:
        """The version now, with its stamps."""
        row = cls.objects.filter(pk=1).values_list("value", "stamps").first()
        return Version(*row) if row else Version()

    @classmethod
    def in_a_query(cls) -> dict[str, models.Subquery]:
        """Annotations that add the version to another query; `read_from` reads them."""
        row = cls.objects.filter(pk=1)
        return {
            "version_value": models.Subquery(row.values("value")),
            "version_stamps": models.Subquery(row.values("stamps")),
        }

    @classmethod
    def read_from(cls, row: Any) -> Version:
        return Version(row.version_value, row.version_stamps) if row.version_value else Version()

    @classmethod
    def hold(cls) -> "ContentVersion":
        """Locks the row until the transaction ends: no other can raise or hold it meanwhile.

        A transaction that will raise the version calls this before it locks other rows. Two that
        lock the same rows in another order would otherwise wait for each other.
        """
        row, _created = cls.objects.select_for_update().get_or_create(pk=1)
        return row

    @classmethod
    def raise_version(cls, *kinds: str) -> str:
        """Draws a new version; what is remembered of these kinds, or of all, is no longer used."""
        # A drawn value, not a counter: a change that is rolled back must not leave behind
        # a number that another change will reach again.
        value = uuid.uuid4().hex
        with transaction.atomic():
            row = cls.hold()
            former, row.value = row.value, value
            row.stamps = {**row.stamps, **dict.fromkeys(kinds, value)} if kinds else {"": value}
            row.save()
            cls.raised.send(cls, value=value, former=former, kinds=frozenset(kinds))
        return value
