"""Keeps what was replaced in public, and takes the fingerprint of every file anew."""

import hashlib
from typing import Any

from django.db import migrations, models


def take_fingerprints(apps: Any, _editor: Any) -> None:
    """Wagtail took SHA-1, for which two files with the same hash can be made."""
    for name in ("SiteImage", "SiteDocument"):
        files = apps.get_model("pages", name)._base_manager
        for row in files.only("pk", "file").iterator(100):
            try:
                with row.file.open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()[:40]
            except (OSError, ValueError):
                continue  # the file is gone; `verify_published` says so
            files.filter(pk=row.pk).update(file_hash=found)


class Migration(migrations.Migration):
    dependencies = [("pages", "0013_basket")]

    operations = [
        migrations.AddField(
            model_name="formerfile",
            name="kept",
            field=models.FileField(blank=True, max_length=255, upload_to="replaced"),
        ),
        migrations.RunPython(take_fingerprints, migrations.RunPython.noop),
    ]
