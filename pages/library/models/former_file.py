"""The names that pictures and documents had in the storage before others replaced them."""

from django.db import models


class FormerFile(models.Model):
    """A name under which readers may still ask for a picture or a document."""

    raises_version = False  # its picture or document does

    name = models.CharField(max_length=255, unique=True)
    image = models.ForeignKey(
        "library.SiteImage", null=True, on_delete=models.CASCADE, related_name="former_files"
    )
    document = models.ForeignKey(
        "library.SiteDocument", null=True, on_delete=models.CASCADE, related_name="former_files"
    )
    # How the picture was drawn, if the file was one of its renditions.
    spec = models.CharField(max_length=255, blank=True)
    # What readers met under the name, if it was replaced while something public showed it.
    kept = models.FileField(upload_to="replaced", max_length=255, blank=True)

    def __str__(self) -> str:
        return self.name
