"""What the intake signs of each tip that comes in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tips", "0004_browsers_of_before")]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "epoch",
                        "counter",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("epoch", models.CharField(max_length=32)),
                ("counter", models.PositiveBigIntegerField()),
                ("tip_id", models.UUIDField(null=True, unique=True)),
                ("message", models.BinaryField()),
                ("ed25519", models.BinaryField(max_length=64)),
                ("mldsa65", models.BinaryField(max_length=3309)),
            ],
            options={"abstract": False, "default_permissions": ()},
        ),
    ]
