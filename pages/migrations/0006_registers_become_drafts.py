from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.deletion import SET_NULL

REGISTERS = ("alert", "contact", "cookienotice", "footer", "recommendation", "synonym", "topic")


def open_rows(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """On the way back: the column that `deploy/database_roles.sql` closes rows by goes."""
    if editor.connection.vendor == "postgresql":
        for model in REGISTERS:
            editor.execute(f"DROP POLICY IF EXISTS published ON pages_{model}")
            editor.execute(f"ALTER TABLE pages_{model} DISABLE ROW LEVEL SECURITY")


def _columns(model: str) -> list[migrations.AddField]:
    """Of a draft, its versions and its lock."""
    revision = {
        "blank": True, "editable": False, "null": True, "on_delete": SET_NULL,
        "related_name": "+", "to": "wagtailcore.revision",
    }  # fmt: skip
    columns = {
        "live": models.BooleanField("live", default=True, editable=False),
        "has_unpublished_changes": models.BooleanField(
            "has unpublished changes", default=False, editable=False
        ),
        "first_published_at": models.DateTimeField(
            "first published at", blank=True, db_index=True, null=True
        ),
        "last_published_at": models.DateTimeField("last published at", editable=False, null=True),
        "live_revision": models.ForeignKey(verbose_name="live revision", **revision),
        "go_live_at": models.DateTimeField("go live date/time", blank=True, null=True),
        "expire_at": models.DateTimeField("expiry date/time", blank=True, null=True),
        "expired": models.BooleanField("expired", default=False, editable=False),
        "latest_revision": models.ForeignKey(verbose_name="latest revision", **revision),
        "locked": models.BooleanField("locked", default=False, editable=False),
        "locked_at": models.DateTimeField("locked at", editable=False, null=True),
        "locked_by": models.ForeignKey(
            blank=True,
            editable=False,
            null=True,
            on_delete=SET_NULL,
            related_name="locked_%(class)ss",
            to=settings.AUTH_USER_MODEL,
            verbose_name="locked by",
        ),
    }
    return [migrations.AddField(model, name, column) for name, column in columns.items()]


def _one_in_language(model: str) -> migrations.AddConstraint:
    return migrations.AddConstraint(
        model,
        models.UniqueConstraint(
            fields=["locale"],
            condition=models.Q(live=True),
            name=f"one_live_{model}_in_language",
            violation_error_message=(
                "There is already one in this language. Edit that one instead."
            ),
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0005_former_files"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(operation for model in REGISTERS for operation in _columns(model)),
        _one_in_language("cookienotice"),
        _one_in_language("footer"),
        migrations.RemoveConstraint("topic", "unique_topic_slug_in_locale"),
        migrations.AddConstraint(
            "topic",
            models.UniqueConstraint(
                fields=["locale", "slug"],
                condition=models.Q(live=True),
                name="unique_topic_slug_in_locale",
                violation_error_message="Another topic has this address. Choose another.",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, open_rows),
    ]
