"""One row that changes whenever published content changes."""

import uuid

from django.db import models


class ContentVersion(models.Model):
    """The version of all published content. `pages.memory` says what it is for."""

    value = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.value

    @classmethod
    def current(cls) -> str:
        """The version now; empty before anything was published."""
        return cls.objects.filter(pk=1).values_list("value", flat=True).first() or ""

    @classmethod
    def as_annotation(cls) -> models.Subquery:
        """The version now, for a query that is made anyway."""
        return models.Subquery(cls.objects.filter(pk=1).values("value"))

    @classmethod
    def raise_version(cls) -> str:
        """Makes all that was remembered before this moment unusable, in every process; the new one."""
        # A drawn value, not a counter: a change that is rolled back must not leave behind
        # a number that another change will reach again.
        value = uuid.uuid4().hex
        cls.objects.update_or_create(pk=1, defaults={"value": value})
        return value
