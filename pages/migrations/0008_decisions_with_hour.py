from datetime import datetime, time

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.utils.timezone import localdate, make_aware


def keep_the_day(apps, schema_editor):
    """Only the day of earlier decisions is known: they count from its beginning."""
    decisions = apps.get_model("pages", "ThreatLevelDecision").objects
    for key, day in decisions.values_list("pk", "decided_on"):
        midnight = make_aware(datetime.combine(day, time()))
        decisions.filter(pk=key).update(decided_at=midnight, hour_is_known=False)


def drop_the_hour(apps, schema_editor):
    decisions = apps.get_model("pages", "ThreatLevelDecision").objects
    for key, moment in decisions.values_list("pk", "decided_at"):
        decisions.filter(pk=key).update(decided_on=localdate(moment))


def give_each_a_version(apps, schema_editor):
    """Without a live version Wagtail would take a row down when a later one is scheduled."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    its, _ = content_types.get_or_create(app_label="pages", model="threatleveldecision")
    model = apps.get_model("pages", "ThreatLevelDecision")
    for row in model.objects.filter(live=True):
        fields = [field for field in model._meta.fields if field.serialize]
        content = {field.name: field.value_from_object(row) for field in fields}
        revision = apps.get_model("wagtailcore", "Revision").objects.create(
            content_type=its,
            base_content_type=its,
            object_id=str(row.pk),
            created_at=row.recorded_at,
            object_str=f"{row.level} ({localdate(row.decided_at)})",
            content={**content, "pk": row.pk},
        )
        model.objects.filter(pk=row.pk).update(
            live_revision=revision,
            latest_revision=revision,
            first_published_at=row.recorded_at,
            last_published_at=row.recorded_at,
        )
    # What PostgreSQL has put off until the end would stand in the way of the next change of a table.
    schema_editor.connection.check_constraints()


def take_versions_and_drafts_away(apps, schema_editor):
    """Before drafts there were only decisions that readers met, and all of them were open."""
    apps.get_model("pages", "ThreatLevelDecision").objects.filter(live=False).delete()
    apps.get_model("wagtailcore", "Revision").objects.filter(
        base_content_type__app_label="pages", base_content_type__model="threatleveldecision"
    ).delete()
    schema_editor.connection.check_constraints()
    if schema_editor.connection.vendor == "postgresql":
        # The column goes by which deploy/database_roles.sql closes rows.
        table = "pages_threatleveldecision"
        schema_editor.execute(f"DROP POLICY IF EXISTS published ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0007_registers_have_versions"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='threatleveldecision',
            options={'ordering': ['-decided_at', '-pk'], 'verbose_name': 'decision on the threat level', 'verbose_name_plural': 'decisions on the threat level'},
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='corrects',
            field=models.ForeignKey(blank=True, help_text='The decision that was wrong. Readers see both, beside each other.', limit_choices_to={'live': True}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='pages.threatleveldecision', verbose_name='Corrects'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='decided_at',
            field=models.DateTimeField(default=django.utils.timezone.now, help_text='A decision that corrects another keeps its day and hour, unless these were wrong.', verbose_name='Counts from'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='expire_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='expired',
            field=models.BooleanField(default=False, editable=False, verbose_name='expired'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='first_published_at',
            field=models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='go_live_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='go live date/time'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='has_unpublished_changes',
            field=models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='hour_is_known',
            field=models.BooleanField(default=True, help_text='Not for old decisions with only a day.', verbose_name='Show the hour'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='last_published_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='last published at'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='latest_revision',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='live',
            field=models.BooleanField(default=True, editable=False, verbose_name='live'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='live_revision',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='locked',
            field=models.BooleanField(default=False, editable=False, verbose_name='locked'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='locked_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='locked at'),
        ),
        migrations.AddField(
            model_name='threatleveldecision',
            name='locked_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by'),
        ),
        migrations.RunPython(keep_the_day, drop_the_hour),
        # Loses data: nothing on the way here. On the way back drafts, versions, the hour, and which
        # decision corrects which: one that was wrong is then in force again if its day is the last.
        migrations.RemoveField(
            model_name='threatleveldecision',
            name='decided_on',
        ),
        migrations.RunPython(give_each_a_version, take_versions_and_drafts_away),
    ]
