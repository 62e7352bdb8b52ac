"""One row that changes whenever published content changes."""

import json
import uuid
from typing import Any

from django.db import models, transaction
from django.dispatch import Signal

from pages.version.memory import Version


class ContentVersion(models.Model):
    """The version of all published content. `pages.version.memory` says what it is for."""

    raises_version = False  # it is the version
    # Sent with each new one, `value`, in the transaction of the change.
    raised = Signal()

    value = models.CharField(max_length=32)
    # Kind of content -> the value that its last change drew; under no name, of all kinds.
    stamps = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.value

    @classmethod
    def current(cls) -> str:
        """The version now; empty before anything was published."""
        return cls.objects.filter(pk=1).values_list("value", flat=True).first() or ""

    @classmethod
    def now(cls) -> Version:
        """The version now, with the stamps of its kinds."""
        row = cls.objects.filter(pk=1).values_list("value", "stamps").first()
        return Version(*row) if row else Version()

    @classmethod
    def in_a_query(cls) -> dict[str, models.Subquery]:
        """The version now, for a query that is made anyway; `read_from` reads it."""
        row = cls.objects.filter(pk=1)
        return {
            "version_value": models.Subquery(row.values("value")),
            "version_stamps": models.Subquery(row.values("stamps")),
        }

    @classmethod
    def read_from(cls, row: Any) -> Version:
        stamps = row.version_stamps
        if isinstance(stamps, str):  # from a query that Django has not put together
            stamps = json.loads(stamps)
        return Version(row.version_value, stamps) if row.version_value else Version()

    @classmethod
    def hold(cls) -> "ContentVersion":
        """The row, which no other transaction can raise or hold until this one has ended.

        Who is going to raise it and locks more rows than one holds it first: two that change the
        same things in another order would else wait for each other.
        """
        row, _created = cls.objects.select_for_update().get_or_create(pk=1)
        return row

    @classmethod
    def raise_version(cls, *kinds: str) -> str:
        """Makes what was remembered of these kinds unusable in every process, or of all; the new one."""
        # A drawn value, not a counter: a change that is rolled back must not leave behind
        # a number that another change will reach again.
        value = uuid.uuid4().hex
        with transaction.atomic():
            row = cls.hold()
            row.value = value
            row.stamps = {**row.stamps, **dict.fromkeys(kinds, value)} if kinds else {"": value}
            row.save()
            cls.raised.send(cls, value=value)
        return value
