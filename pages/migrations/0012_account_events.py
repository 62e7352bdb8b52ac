import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0011_withdrawals_with_reasons'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Loses data: on the way back, what was done to accounts, and by whom.
        migrations.CreateModel(
            name='AccountEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_name', models.CharField(max_length=310)),
                ('by_name', models.CharField(blank=True, max_length=310)),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('what', models.CharField(choices=[('CREATED', 'Created'), ('ROLE_GIVEN', 'Role Given'), ('ROLE_TAKEN', 'Role Taken'), ('PASSWORD_SET', 'Password Set'), ('EMAIL_CHANGED', 'Email Changed'), ('CLOSED_LEFT', 'Closed Left'), ('CLOSED_HIJACKED', 'Closed Hijacked'), ('OPENED', 'Opened')], max_length=20)),
                ('role', models.CharField(blank=True, max_length=150)),
                ('from_where', models.CharField(choices=[('CMS', 'Cms'), ('COMMAND', 'Command')], max_length=10)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='account_events', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
    ]
