import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def forget_what_has_no_place(apps, schema_editor):
    """On the way back: a row an address, each with a title and a day."""
    withdrawals = apps.get_model("pages", "Withdrawal").objects
    withdrawals.exclude(back_at=None).delete()
    withdrawals.filter(withdrawn_on=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0010_newsroom'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='withdrawal',
            options={'ordering': ['-pk'], 'verbose_name': 'withdrawn page', 'verbose_name_plural': 'withdrawn pages'},
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='back_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='Published again'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='page',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='withdrawals', to='wagtailcore.page', verbose_name='Page'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='reason',
            field=models.CharField(blank=True, choices=[('replaced', 'Replaced by another page'), ('outdated', 'No longer current'), ('mistake', 'Published by mistake')], max_length=10, verbose_name='Reason'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='replaced_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.page', verbose_name='Replaced by'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='Withdrawn'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Withdrawn by'),
        ),
        migrations.AlterField(
            model_name='withdrawal',
            name='address',
            field=models.CharField(max_length=2000, verbose_name='Address'),
        ),
        migrations.AlterField(
            model_name='withdrawal',
            name='title',
            field=models.CharField(blank=True, max_length=255, verbose_name='Title of the page'),
        ),
        migrations.AlterField(
            model_name='withdrawal',
            name='withdrawn_on',
            field=models.DateField(blank=True, null=True, verbose_name='Date that readers are told'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.UniqueConstraint(condition=models.Q(('back_at', None)), fields=('address',), name='one_withdrawal_in_force'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', 'mistake'), _negated=True), models.Q(('title', ''), ('withdrawn_on', None)), _connector='OR'), name='nothing_is_told_of_a_mistake'),
        ),
        # Loses data: on the way back, addresses of pages published by mistake answer 404, and those that are
        # public again are forgotten.
        migrations.RunPython(migrations.RunPython.noop, forget_what_has_no_place),
    ]
