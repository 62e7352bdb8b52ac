from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pages", "0003_start_pages_by_key")]

    operations = [
        # What the footers get on the way back.
        migrations.AlterField(
            model_name="footer",
            name="phone",
            field=models.CharField(default="", max_length=40, verbose_name="Telephone"),
        ),
        # Loses data: the number that an editor wrote. It is a setting now, the same everywhere.
        migrations.RemoveField(model_name="footer", name="phone"),
    ]
