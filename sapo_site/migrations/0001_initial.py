import uuid

import django.db.models.deletion
import django.utils.timezone
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models

import pages.content.fields
import pages.content.models.overwriting
import pages.content.publishing.page_rights


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('sessions', '0001_initial'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessibilityStatementPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('lead', models.TextField(blank=True, help_text="Two or three sentences that answer the reader's question at once.", max_length=600, verbose_name='Lead')),
                ('listing_text', models.CharField(blank=True, help_text='A few words under the title in lists of pages. The lead when left empty.', max_length=200, verbose_name='Text in listings')),
                ('changed_on', models.DateField(blank=True, editable=False, null=True, verbose_name='Last changed')),
                ('change_note', models.CharField(blank=True, db_default='', default='', help_text='One sentence for readers, beside the date. It holds for this change alone.', max_length=200, verbose_name='What has changed')),
                ('is_minor_change', models.BooleanField(default=False, help_text='For corrected spelling and the like: what the page says is the same.', verbose_name='Minor change (does not change the date)')),
                ('given_changed_on', models.DateField(blank=True, help_text="Only for pages moved from elsewhere. Left empty, the date is today's when you publish.", null=True, verbose_name='Give the date of the last change yourself')),
                ('conformance', models.CharField(choices=[('full', 'fully compliant'), ('partial', 'partially compliant'), ('none', 'not compliant')], default='partial', max_length=10, verbose_name='How far it meets the law')),
                ('standard', models.CharField(choices=[('3.2.1', 'EN 301 549 V3.2.1 (WCAG 2.1)'), ('4.1.1', 'EN 301 549 V4.1.1 (WCAG 2.2)')], default='3.2.1', max_length=10, verbose_name='Standard')),
                ('assessed_on', models.DateField(default=django.utils.timezone.localdate, help_text='A year later the start page reminds you to assess the website again.', verbose_name='Assessed')),
                ('assessed_by', models.CharField(choices=[('self', 'The agency itself'), ('external', 'Somebody from outside')], default='self', max_length=10, verbose_name='Assessed by')),
                ('body', pages.content.fields.BodyField(blank=True, help_text='What one can do who cannot use something, how you have tested, and who supervises. The deviations come from their register, and the form for messages by itself.', verbose_name='Body')),
            ],
            options={
                'verbose_name': 'accessibility statement',
                'verbose_name_plural': 'accessibility statements',
            },
            bases=(pages.content.models.overwriting.AutosavedMixin, pages.content.publishing.page_rights.LockedMixin, 'wagtailcore.page'),
        ),
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
        migrations.CreateModel(
            name='AccessibilityMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=64, unique=True)),
                ('about', models.CharField(choices=[('fault', 'Something on the website does not work for me'), ('copy', 'I want to have something in a form that works for me')], max_length=10, verbose_name='What it is about')),
                ('place', models.CharField(blank=True, max_length=300, verbose_name='Page or file')),
                ('text', models.TextField(blank=True, verbose_name='Message')),
                ('contact', models.TextField(blank=True, verbose_name='How to answer')),
                ('language', models.CharField(choices=[('sv', 'Svenska'), ('en', 'English')], max_length=10, verbose_name='Written in')),
                ('arrived_on', models.DateField(verbose_name='Arrived')),
                ('answer_by', models.DateField(verbose_name='Answer by')),
                ('taken_in_at', models.DateTimeField(auto_now_add=True)),
                ('note', models.TextField(blank=True, help_text='What was answered, and when. It is deleted together with the message.', verbose_name='What was done')),
                ('outcome', models.CharField(blank=True, choices=[('answered', 'Answered'), ('none', 'Nothing to answer, or nobody to answer to'), ('tip', 'It was a tip: those who handle tips have it, and it is erased here')], max_length=10, verbose_name='Close as')),
                ('closed_on', models.DateField(blank=True, editable=False, null=True, verbose_name='Closed')),
                ('given_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Given to')),
            ],
            options={
                'verbose_name': 'message on accessibility',
                'verbose_name_plural': 'messages on accessibility',
                'ordering': ['outcome', 'answer_by', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CmsLogin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began', models.DateTimeField()),
                ('seen', models.DateTimeField()),
                ('browser', models.CharField(blank=True, max_length=40)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cms_logins', to=settings.AUTH_USER_MODEL)),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sessions.session')),
            ],
            options={
                'ordering': ['-seen', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AccessibilityDeviation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('what', models.CharField(help_text='Becomes a heading.', max_length=120, verbose_name='What does not work')),
                ('text', models.TextField(verbose_name='Whom it hinders, and how')),
                ('ground', models.CharField(choices=[('fault', 'It does not meet the law'), ('burden', 'To mend it would be a disproportionate burden (12 §)'), ('outside', 'The law does not cover it (9 §)')], default='fault', max_length=10, verbose_name='Kind')),
                ('clause', models.CharField(blank=True, help_text='The number and name in WCAG or EN 301 549, for example: 1.2.5 Syntolkning.', max_length=120, verbose_name='Requirement')),
                ('why', models.TextField(verbose_name='Why')),
                ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='Known since')),
                ('mended_by', models.DateField(blank=True, null=True, verbose_name='To be mended by')),
                ('instead', models.TextField(verbose_name='What to do instead')),
                ('mended_on', models.DateField(blank=True, help_text='It then stands below the others, until you remove it from the website.', null=True, verbose_name='Mended')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
            ],
            options={
                'verbose_name': 'deviation from accessibility',
                'verbose_name_plural': 'deviations from accessibility',
                'ordering': ['ground', 'since', 'pk'],
                'abstract': False,
                'unique_together': {('translation_key', 'locale')},
            },
            bases=(pages.content.models.overwriting.AutosavedMixin, pages.content.publishing.page_rights.LockedMixin, wagtail.models.preview.PreviewableMixin, models.Model),
        ),
    ]
