from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    dependencies = [("pages", "0004_footer_without_phone")]

    operations = [
        # Loses data: on the way back, the addresses of replaced files answer 404 again.
        migrations.CreateModel(
            name="FormerFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True)),
                (
                    "image",
                    models.ForeignKey(
                        null=True,
                        on_delete=CASCADE,
                        related_name="former_files",
                        to="pages.siteimage",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=CASCADE,
                        related_name="former_files",
                        to="pages.sitedocument",
                    ),
                ),
                ("spec", models.CharField(blank=True, max_length=255)),
            ],
        ),
    ]
