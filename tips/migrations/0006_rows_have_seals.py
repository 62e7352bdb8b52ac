"""What the desk's service has not written among accounts, factors and sessions opens nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tips", "0005_arrivals")]

    operations = [
        migrations.AddField(
            model_name="handler",
            name="factors_digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="handler",
            name="seal",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="desksession",
            name="seal",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
