import django.db.models.deletion
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def take_over_redirects(apps, schema_editor):
    """What editors have made becomes theirs in the register; what Wagtail made stays its own."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    its, _ = content_types.get_or_create(app_label="pages", model="redirection")
    model = apps.get_model("pages", "Redirection")
    redirects = apps.get_model("wagtailredirects", "Redirect").objects
    made_by_editors = redirects.filter(automatically_created=False)
    # One for all sites stands behind one for this site, which Wagtail chooses.
    for redirect in made_by_editors.order_by(models.F("site_id").desc(nulls_last=True), "pk"):
        if model.objects.filter(old_path=redirect.old_path).exists():
            # Loses data: a second one from the same address, which led nobody anywhere.
            redirect.delete()
            continue
        made_at = redirect.created_at or timezone.now()
        row = model.objects.create(
            old_path=redirect.old_path,
            page=redirect.redirect_page,
            address="" if redirect.redirect_page_id else redirect.redirect_link,
            redirect=redirect,
            first_published_at=made_at,
            last_published_at=made_at,
        )
        content = {
            field.name: field.value_from_object(row)
            for field in model._meta.fields
            if field.serialize
        }
        revision = apps.get_model("wagtailcore", "Revision").objects.create(
            content_type=its,
            base_content_type=its,
            object_id=str(row.pk),
            created_at=made_at,
            object_str=row.old_path,
            content={**content, "pk": row.pk},
        )
        model.objects.filter(pk=row.pk).update(live_revision=revision, latest_revision=revision)
    # What PostgreSQL has put off until the end would stand in the way of the next change of a table.
    schema_editor.connection.check_constraints()


def take_versions_away(apps, schema_editor):
    """The redirects themselves stay, as Wagtail's; drafts and notes go with their table."""
    apps.get_model("wagtailcore", "Revision").objects.filter(
        base_content_type__app_label="pages", base_content_type__model="redirection"
    ).delete()
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0008_decisions_with_hour"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Redirection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('old_path', models.CharField(help_text='What stands after the name of the website, such as /old/page.html.', max_length=255, verbose_name='Former address')),
                ('address', models.CharField(blank=True, help_text='Instead of a page: a whole address, or one that begins with a slash.', max_length=255, verbose_name='To the address')),
                ('note', models.TextField(blank=True, help_text='Readers never see it.', verbose_name='Note')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.page', verbose_name='To the page')),
                ('redirect', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', serialize=False, to='wagtailredirects.redirect')),
            ],
            options={
                'verbose_name': 'redirection',
                'verbose_name_plural': 'redirections',
                'ordering': ['old_path'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('live', True)), fields=('old_path',), name='one_way_from_an_address', violation_error_message='Another redirection leads away from this address already.')],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.RunPython(take_over_redirects, take_versions_away),
    ]
