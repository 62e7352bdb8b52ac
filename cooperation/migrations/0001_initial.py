import django.db.models.deletion
import modelsearch.index
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models

import cooperation.fields
import pages.content.fields
import pages.content.models.overwriting
import pages.content.publishing.page_rights


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('library', '0001_initial'),
    
    ]

    operations = [
        migrations.CreateModel(
            name='CooperationPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('listing_text', models.CharField(blank=True, help_text='A few words under the title in lists of pages. The lead when left empty.', max_length=200, verbose_name='Text in listings')),
                ('changed_on', models.DateField(blank=True, editable=False, null=True, verbose_name='Last changed')),
                ('change_note', models.CharField(blank=True, db_default='', default='', help_text='One sentence for readers, beside the date. It holds for this change alone.', max_length=200, verbose_name='What has changed')),
                ('is_minor_change', models.BooleanField(default=False, help_text='For corrected spelling and the like: what the page says is the same.', verbose_name='Minor change (does not change the date)')),
                ('given_changed_on', models.DateField(blank=True, help_text="Only for pages moved from elsewhere. Left empty, the date is today's when you publish.", null=True, verbose_name='Give the date of the last change yourself')),
                ('lead', models.TextField(help_text="Two or three sentences that answer the reader's question at once.", max_length=600, verbose_name='Lead')),
                ('image', pages.content.fields.LeadImageField(blank=True, verbose_name='Image')),
                ('aside', pages.content.fields.AsideField(blank=True, verbose_name='Boxes beside the text')),
                ('related', pages.content.fields.RelatedField(blank=True, help_text='Left empty, pages with the same topics are shown.', verbose_name='Related pages')),
                ('body', cooperation.fields.CooperationBodyField(blank=True, verbose_name='Body')),
            ],
            options={
                'verbose_name': 'cooperation page',
                'verbose_name_plural': 'cooperation pages',
            },
            bases=(pages.content.models.overwriting.AutosavedMixin, pages.content.publishing.page_rights.LockedMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='Partner',
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
                ('name', models.CharField(max_length=120, verbose_name='Name')),
                ('name_in_english', models.CharField(blank=True, max_length=120, verbose_name='Name in English')),
                ('name_language', models.CharField(blank=True, choices=[('sv', 'Swedish'), ('en', 'English'), ('fi', 'Finnish'), ('fit', 'Meänkieli'), ('se', 'Northern Sami'), ('smj', 'Lule Sami'), ('sma', 'Southern Sami'), ('rom', 'Romani'), ('yi', 'Yiddish'), ('ar', 'Arabic'), ('fa', 'Persian'), ('fr', 'French'), ('pl', 'Polish'), ('ru', 'Russian'), ('so', 'Somali'), ('es', 'Spanish'), ('de', 'German'), ('uk', 'Ukrainian')], db_default='', default='', help_text='If it is not Swedish. It is then read aloud as it should be.', max_length=3, verbose_name='Language of the name')),
                ('abbreviation', models.CharField(blank=True, help_text='Explained with the full name where it first stands in a text.', max_length=20, verbose_name='Abbreviation')),
                ('kind', models.CharField(choices=[('authority', 'Authority'), ('council', 'Council'), ('centre', 'Centre'), ('agency', 'Agency of the EU or another international body'), ('forum', 'Forum'), ('organisation', 'Organisation')], max_length=20, verbose_name='Kind')),
                ('scope', models.CharField(choices=[('national', 'National'), ('international', 'International')], max_length=20, verbose_name='National or international')),
                ('countries', models.CharField(blank=True, help_text='For example: EU, Norge, Schweiz, Storbritannien. Separate with commas.', max_length=200, verbose_name='Countries')),
                ('description', models.TextField(blank=True, verbose_name='Short description')),
                ('description_in_english', models.TextField(blank=True, verbose_name='Short description in English')),
                ('website', models.URLField(blank=True, verbose_name='Website')),
                ('since', models.PositiveSmallIntegerField(blank=True, help_text='The year in which it was founded.', null=True, verbose_name='Since')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
            ],
            options={
                'verbose_name': 'partner',
                'verbose_name_plural': 'partners',
                'ordering': ['name'],
            },
            bases=(pages.content.models.overwriting.AutosavedMixin, pages.content.publishing.page_rights.LockedMixin, wagtail.models.preview.PreviewableMixin, models.Model, modelsearch.index.Indexed),
        ),
        migrations.AddField(
            model_name='partner',
            name='logotype',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='library.siteimage', verbose_name='Logotype'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.UniqueConstraint(condition=models.Q(('live', True)), fields=('name',), name='unique_name_of_partner', violation_error_message='Another partner has this name.'),
        ),
    
    ]
