"""A browser that has logged in is known no longer than its handler's password."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tips", "0003_handlers_own_accounts")]

    operations = [
        migrations.AddField(
            model_name="handler",
            name="browsers_since",
            field=models.DateTimeField(null=True),
        ),
    ]
