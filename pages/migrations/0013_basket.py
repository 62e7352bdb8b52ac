"""The waste basket, and since when readers may have met a picture or a file."""

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def note_what_was_public(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Publishing took pictures and files from their uploaders: who has none may have been met."""
    for name in ("SiteImage", "SiteDocument"):
        of_nobody = apps.get_model("pages", name)._base_manager.filter(uploaded_by_user=None)
        of_nobody.update(public_since=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0012_account_events"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "sitedocument", "public_since", models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddField(
            "siteimage", "public_since", models.DateTimeField(editable=False, null=True)
        ),
        migrations.RunPython(note_what_was_public, migrations.RunPython.noop),
        # Loses data: on the way back, what lies in the waste basket stays hidden there.
        migrations.CreateModel(
            name="Basket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=255, verbose_name="Title")),
                ("parent_key", models.PositiveIntegerField(null=True)),
                ("parent_title", models.CharField(blank=True, max_length=255, verbose_name="Under")),
                ("former_slug", models.CharField(blank=True, max_length=255)),
                ("former_translations", models.JSONField(default=dict)),
                ("by_name", models.CharField(max_length=255, verbose_name="Thrown away by")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="When"),
                ),
                ("gone_on", models.DateField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "draft in the waste basket",
                "verbose_name_plural": "drafts in the waste basket",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="once_in_the_basket")
                ],
            },
        ),
    ]
