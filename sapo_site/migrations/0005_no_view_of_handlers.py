from django.db import migrations

# Handlers' accounts lie with the tips: nothing of the website's database is shown to the desk.
# The group stays where it is, and means nothing.
BEFORE = """
CREATE VIEW sapo_site_handler AS
SELECT id, password, username, first_name, last_name, email
FROM auth_user
WHERE is_active
    AND NOT is_superuser
    AND id IN (
        SELECT user_id FROM auth_user_groups
        WHERE group_id IN (SELECT id FROM auth_group WHERE name = 'Tipsmottagare')
    )
    AND id NOT IN (
        SELECT user_id FROM auth_user_groups
        WHERE group_id NOT IN (SELECT id FROM auth_group WHERE name = 'Tipsmottagare')
    )
    AND id NOT IN (SELECT user_id FROM auth_user_user_permissions)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sapo_site", "0004_tip_page_texts"),
    ]

    operations = [
        migrations.RunSQL("DROP VIEW sapo_site_handler", BEFORE),
    ]
