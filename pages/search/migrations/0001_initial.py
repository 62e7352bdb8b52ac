import django.db.models.deletion
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models

import pages.content.models.overwriting
import pages.content.publishing.page_rights
import pages.search.models
import pages.search.tables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('library', '0001_initial'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EditorsEntry',
            fields=[
                ('place', models.BigIntegerField(primary_key=True, serialize=False)),
                ('tokens', pages.search.models.TokensField()),
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.page')),
            ],
            options={
                'verbose_name': "entry of the editors' search",
                'verbose_name_plural': "entries of the editors' search",
            },
        ),
        migrations.CreateModel(
            name='Recommendation',
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
                ('names', models.TextField(help_text='Several are written with commas between them, for example: cookies, kakor.', max_length=2000, verbose_name='When somebody searches for')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.page', verbose_name='Show this page first')),
            ],
            options={
                'verbose_name': 'recommended page',
                'verbose_name_plural': 'recommended pages',
                'ordering': ['names'],
            },
            bases=(pages.content.models.overwriting.AutosavedMixin, pages.content.publishing.page_rights.LockedMixin, wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10)),
                ('word', pages.search.models.WordField(max_length=40)),
                ('stem', pages.search.models.WordField(max_length=40)),
                ('backwards', pages.search.models.WordField(max_length=40)),
                ('plain', pages.search.models.WordField(max_length=40)),
                ('pages', models.IntegerField()),
                ('titles', models.IntegerField()),
            ],
            options={
                'verbose_name': 'word of the site',
                'verbose_name_plural': 'words of the site',
                'indexes': [models.Index(fields=['language', 'stem'], name='search_word_stem'), models.Index(fields=['language', 'backwards'], name='search_word_backwards'), models.Index(fields=['language', 'plain'], name='search_word_plain')],
                'constraints': [models.UniqueConstraint(fields=('language', 'word'), name='unique_word_in_language')],
            },
        ),
        migrations.CreateModel(
            name='Synonym',
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
                ('names', models.CharField(help_text='With commas between them, for example: Säpo, Säkerhetspolisen.', max_length=400, verbose_name='Words that mean the same')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locale', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.locale', verbose_name='Language')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
            ],
            options={
                'verbose_name': 'synonym',
                'verbose_name_plural': 'synonyms',
                'ordering': ['names'],
            },
            bases=(pages.content.models.overwriting.AutosavedMixin, pages.content.publishing.page_rights.LockedMixin, wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='PublishedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='published_on', to='library.sitedocument')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='published_files', to='wagtailcore.page')),
            ],
            options={
                'verbose_name': 'published file',
                'verbose_name_plural': 'published files',
                'constraints': [models.UniqueConstraint(fields=('page', 'file'), name='unique_file_on_page')],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('place', models.BigIntegerField(primary_key=True, serialize=False)),
                ('tokens', pages.search.models.TokensField()),
                ('filters', models.TextField()),
                ('languages', models.CharField(max_length=20)),
                ('title', models.CharField(blank=True, max_length=255)),
                ('text', models.TextField(blank=True)),
                ('file', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='search_entry', to='library.sitedocument')),
                ('page', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='search_entry', to='wagtailcore.page')),
            ],
            options={
                'verbose_name': 'entry of the search',
                'verbose_name_plural': 'entries of the search',
                'constraints': [models.CheckConstraint(condition=models.Q(('filters', ''), _negated=True), name='search_entry_is_public')],
            },
        ),
        migrations.RunPython(pages.search.tables.create, pages.search.tables.drop),
    ]
