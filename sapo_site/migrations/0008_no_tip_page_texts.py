from django.conf import settings
from django.db import migrations, models

# Loses data: nobody reads the texts of the tip page any more, which come with the release (docs/decisions/0094). Their
# table stays for the former code, which has to go on beside this one and may be put back. It points at nothing, so that
# what it pointed at can go.
POINTS = {
    "locale": {"to": "wagtailcore.locale", "on_delete": models.PROTECT},
    "latest_revision": {"to": "wagtailcore.revision", "on_delete": models.SET_NULL, "null": True},
    "live_revision": {"to": "wagtailcore.revision", "on_delete": models.SET_NULL, "null": True},
    "locked_by": {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True},
}


class Migration(migrations.Migration):
    dependencies = [
        ("sapo_site", "0007_accessibility"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AlterField(
                "tiptexts", name,
                models.ForeignKey(related_name="+", db_constraint=False, **options),
            )
            for name, options in POINTS.items()
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("TipTexts")]),
    ]  # fmt: skip
