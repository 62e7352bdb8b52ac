from django.db import migrations, models

# What tells a tipster what to do, and the form's own words: these come with the release from now on.
# Loses data: what editors wrote there. It stays in the versions that are kept of the texts.
HEADING, BUTTON = (
    models.CharField(max_length=80, default=""),
    models.CharField(max_length=40, default=""),
)
CLOSED = {
    "urgent": models.TextField(default=""),
    "police": models.TextField(default=""),
    "telephone": models.TextField(default=""),
    "device_and_network": models.TextField(default=""),
    "classified": models.TextField(default=""),
    "start_button": BUTTON,
    "form_heading": HEADING,
    "form_lead": models.TextField(default=""),
    "what_hint": models.TextField(default=""),
    "contact_hint": models.TextField(default=""),
    "files_hint": models.TextField(default=""),
    "received_heading": HEADING,
    "received_text": models.TextField(default=""),
    "closed_text": models.TextField(default=""),
    "limited_text": models.TextField(default=""),
}


class Migration(migrations.Migration):
    dependencies = [
        ("sapo_site", "0003_tip_texts_can_be_locked"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="tiptexts",
            options={
                "verbose_name": "texts of the tip page",
                "verbose_name_plural": "texts of the tip page",
            },
        ),
        # With a default first: on the way back the columns come empty, and an empty text is the release's.
        *(migrations.AlterField("tiptexts", name, text.clone()) for name, text in CLOSED.items()),
        *(migrations.RemoveField("tiptexts", name) for name in CLOSED),
    ]
