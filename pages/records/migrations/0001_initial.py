import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WeedingProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=2000, verbose_name='Address')),
                ('since', models.DateTimeField(verbose_name='From')),
                ('digest', models.CharField(max_length=64)),
                ('decision', models.CharField(max_length=100, verbose_name='Number of the decision')),
                ('proposed_by_name', models.CharField(max_length=255)),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answered_by_name', models.CharField(blank=True, max_length=255)),
                ('answered_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(choices=[('open', 'waits for a second person'), ('weeded', 'weeded'), ('taken_back', 'taken back')], default='open', max_length=10)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'proposal to weed',
                'verbose_name_plural': 'proposals to weed',
                'ordering': ['-proposed_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', 'open')), fields=('address', 'since'), name='one_open_proposal_to_weed')],
            },
        ),
    ]
