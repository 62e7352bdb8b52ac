import django.db.models.deletion
import modelsearch.index
import taggit.managers
import wagtail.images.models
import wagtail.models.media
from django.conf import settings
from django.db import migrations, models

import pages.library.models.media


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SiteDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('file_size', models.PositiveBigIntegerField(editable=False, null=True)),
                ('file_hash', models.CharField(blank=True, editable=False, max_length=40)),
                ('rights', models.CharField(blank=True, choices=[('own', 'Our own'), ('bought', 'Bought'), ('free', 'Free licence'), ('lent', 'Lent to us')], help_text='Who owns it. Only editors see this.', max_length=10, verbose_name='Rights')),
                ('rights_terms', models.CharField(blank=True, help_text='For example: TT, agreement 2026, on our website only.', max_length=300, verbose_name='Terms')),
                ('rights_until', models.DateField(blank=True, help_text='The last day of the agreement. Leave it empty if there is none.', null=True, verbose_name='May be shown until')),
                ('last_used_at', models.DateTimeField(editable=False, null=True)),
                ('file', models.FileField(upload_to='documents', verbose_name='file')),
                ('description', models.TextField(blank=True, help_text='What the file holds and for whom it is. Shown in search results.', verbose_name='Description')),
                ('public_since', models.DateTimeField(editable=False, null=True)),
                ('inspection', models.JSONField(blank=True, default=dict, editable=False)),
                ('collection', models.ForeignKey(default=wagtail.models.media.get_root_collection_id, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.collection', verbose_name='collection')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text=None, through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags')),
                ('uploaded_by_user', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='uploaded by user')),
            ],
            options={
                'verbose_name': 'file',
                'verbose_name_plural': 'files',
                'abstract': False,
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='SiteImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('description', models.CharField(blank=True, default='', max_length=255, verbose_name='description')),
                ('width', models.IntegerField(editable=False, verbose_name='width')),
                ('height', models.IntegerField(editable=False, verbose_name='height')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='created at')),
                ('focal_point_x', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_y', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_width', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_height', models.PositiveIntegerField(blank=True, null=True)),
                ('file_size', models.PositiveIntegerField(editable=False, null=True)),
                ('file_hash', models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                ('shows_people', models.CharField(blank=True, choices=[('yes', 'Yes'), ('no', 'No')], max_length=3, verbose_name='Does the picture show people who can be recognised?')),
                ('consent', models.CharField(blank=True, choices=[('given', 'They have given their consent'), ('not_needed', 'Consent is not needed')], help_text='Only if the picture shows people.', max_length=10, verbose_name='Consent')),
                ('consent_reason', models.CharField(blank=True, help_text='For example: the Director-General in office.', max_length=300, verbose_name='Why consent is not needed')),
                ('consent_until', models.DateField(blank=True, help_text='The last day that they have agreed to. Leave it empty if there is none.', null=True, verbose_name='Consent until')),
                ('rights', models.CharField(blank=True, choices=[('own', 'Our own'), ('bought', 'Bought'), ('free', 'Free licence'), ('lent', 'Lent to us')], help_text='Who owns it. Only editors see this.', max_length=10, verbose_name='Rights')),
                ('rights_terms', models.CharField(blank=True, help_text='For example: TT, agreement 2026, on our website only.', max_length=300, verbose_name='Terms')),
                ('rights_until', models.DateField(blank=True, help_text='The last day of the agreement. Leave it empty if there is none.', null=True, verbose_name='May be shown until')),
                ('last_used_at', models.DateTimeField(editable=False, null=True)),
                ('file', pages.library.models.media.SiteImageField(height_field='height', upload_to=wagtail.images.models.get_upload_to, verbose_name='file', width_field='width')),
                ('caption', models.CharField(blank=True, help_text='Shown under the image unless the page gives another caption.', max_length=300, verbose_name='Caption')),
                ('photographer', models.CharField(blank=True, help_text='For example: Anna Berg/TT.', max_length=120, verbose_name='Photographer')),
                ('public_since', models.DateTimeField(editable=False, null=True)),
                ('collection', models.ForeignKey(default=wagtail.models.media.get_root_collection_id, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.collection', verbose_name='collection')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text=None, through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags')),
                ('uploaded_by_user', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='uploaded by user')),
            ],
            options={
                'verbose_name': 'image',
                'verbose_name_plural': 'images',
                'abstract': False,
            },
            bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='FormerFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, unique=True)),
                ('spec', models.CharField(blank=True, max_length=255)),
                ('kept', models.FileField(blank=True, max_length=255, upload_to='replaced')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='former_files', to='library.sitedocument')),
                ('image', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='former_files', to='library.siteimage')),
            ],
        ),
        migrations.CreateModel(
            name='FileInVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files_named', to='wagtailcore.revision')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='in_versions', to='library.sitedocument')),
                ('image', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='in_versions', to='library.siteimage')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('revision', 'image'), name='picture_once_in_version'), models.UniqueConstraint(fields=('revision', 'document'), name='file_once_in_version')],
            },
        ),
        migrations.CreateModel(
            name='SiteRendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filter_spec', models.CharField(db_index=True, max_length=255)),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', storage=wagtail.images.models.get_rendition_storage, upload_to=wagtail.images.models.get_rendition_upload_to, width_field='width')),
                ('width', models.IntegerField(editable=False)),
                ('height', models.IntegerField(editable=False)),
                ('focal_point_key', models.CharField(blank=True, default='', editable=False, max_length=16)),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='library.siteimage')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('image', 'filter_spec', 'focal_point_key'), name='unique_rendition')],
            },
            bases=(wagtail.images.models.ImageFileMixin, models.Model),
        ),
    ]
