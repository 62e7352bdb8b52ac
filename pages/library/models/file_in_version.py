"""Which pictures and files drafts name: Wagtail's index knows only what is stored as public."""

from django.db import models


class FileInVersion(models.Model):
    """A picture or file that a version names which is the newest of its object, or waits."""

    raises_version = False  # visitors never meet it
    wagtail_reference_index_ignore = True

    revision = models.ForeignKey(
        "wagtailcore.Revision", on_delete=models.CASCADE, related_name="files_named"
    )
    image = models.ForeignKey(
        "library.SiteImage", null=True, on_delete=models.CASCADE, related_name="in_versions"
    )
    document = models.ForeignKey(
        "library.SiteDocument", null=True, on_delete=models.CASCADE, related_name="in_versions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "image"], name="picture_once_in_version"),
            models.UniqueConstraint(fields=["revision", "document"], name="file_once_in_version"),
        ]

    def __str__(self) -> str:
        return f"{self.image or self.document}: {self.revision}"

    @staticmethod
    def column_of(model: type[models.Model]) -> str:
        """The column that leads to files of the model."""
        return "image" if model._meta.model_name == "siteimage" else "document"
