from django.db import migrations

# Loses data: the editors' texts of the tip page. All its words come with the release from now on
# (docs/decisions/0094), so nobody reads them; no site has been installed with any. What versions of them
# hold stays with Wagtail's versions, and means nothing.


class Migration(migrations.Migration):
    dependencies = [
        ("sapo_site", "0007_accessibility"),
    ]

    operations = [
        # The former code asks for it in the CMS alone, and readers never.
        migrations.DeleteModel("TipTexts"),  # zdm: ignore R019
    ]
