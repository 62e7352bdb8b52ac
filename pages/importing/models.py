"""What was made of the files that were imported many at once, so that an import can go on where it was."""

from django.db import models
from django.utils import timezone
from wagtail.models import Page


class ImportedFile(models.Model):
    """A file of an import, and the page that it became."""

    raises_version = False  # visitors never meet it
    wagtail_reference_index_ignore = True

    # The SHA-256 of what is in it, and where it was to lie: together they are one thing to make.
    content = models.CharField(max_length=64)
    place = models.TextField()
    name = models.TextField()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    # What whoever imports must know, line by line.
    said = models.JSONField(default=list)
    has_losses = models.BooleanField(default=False)
    lacks_something = models.BooleanField(default=False)
    # When it was sent for approval, or published in the demo.
    handed_on_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content", "place"], name="imported_once_to_a_place")
        ]

    def __str__(self) -> str:
        return self.name
