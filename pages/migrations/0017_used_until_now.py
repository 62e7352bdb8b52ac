"""Counts from now how long nothing uses what has been public: nobody noted it before."""

from typing import Any

from django.db import migrations
from django.db.models.functions import Now


def count_from_now(apps: Any, _editor: Any) -> None:
    for name in ("SiteImage", "SiteDocument"):
        files = apps.get_model("pages", name)._base_manager
        files.filter(public_since__isnull=False).update(last_used_at=Now())


class Migration(migrations.Migration):
    dependencies = [("pages", "0016_rights_and_uses")]

    operations = [migrations.RunPython(count_from_now, migrations.RunPython.noop)]
