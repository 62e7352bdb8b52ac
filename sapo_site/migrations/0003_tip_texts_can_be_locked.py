from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import SET_NULL

LOCK = {
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


class Migration(migrations.Migration):
    dependencies = [
        ("sapo_site", "0002_handlers_and_attempts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(migrations.AddField("tiptexts", name, column) for name, column in LOCK.items()),
        migrations.AddConstraint(
            "tiptexts",
            models.UniqueConstraint(
                fields=["locale"],
                condition=models.Q(live=True),
                name="one_live_tiptexts_in_language",
                violation_error_message=(
                    "There is already one in this language. Edit that one instead."
                ),
            ),
        ),
    ]
