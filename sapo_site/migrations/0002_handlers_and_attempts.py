from django.db import migrations, models

# All that the desk sees of the accounts: its database user may read nothing else here. One who has
# a part in the CMS is left out, so that the desk never has a password that opens the CMS.
HANDLERS = """
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
        ('auth', '0012_alter_user_first_name_max_length'),
        ('sapo_site', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CmsAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64)),
                ('network', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.RunSQL(HANDLERS, "DROP VIEW sapo_site_handler"),
    ]
