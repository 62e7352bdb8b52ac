from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models

# The prepared messages that a website starts with; chief editors keep them from then on.
FIELDS = ("name", "level", "heading", "text", "heading_in_english", "text_in_english")
MESSAGES = (
    (
        "Pågående händelse", "danger", "En allvarlig händelse pågår",
        "Följ polisens anvisningar. Ring 112 om du är i fara. Vi skriver här så snart vi vet mer.",
        "A serious incident is going on",
        "Follow the instructions of the police. Call 112 if you are in danger. We will write here as "
        "soon as we know more.",
    ),
    (
        "Misstänkt attentat", "danger", "Misstänkt attentat",
        "Polisen och Säkerhetspolisen arbetar på platsen. Undvik området. Ring 112 om du är i fara. "
        "Vet du något om det som har hänt? Ring polisen på 114 14.",
        "Suspected attack",
        "The police and the Swedish Security Service are working at the scene. Avoid the area. Call "
        "112 if you are in danger. Do you know something about what has happened? Call the police on "
        "114 14.",
    ),
    (
        "Falska meddelanden i vårt namn", "warning", "Falska meddelanden i vårt namn",
        "Någon skickar meddelanden och ringer i Säkerhetspolisens namn. Öppna inga länkar och lämna "
        "inga uppgifter. Ring vår växel på numret längst ned på sidan om du är osäker.",
        "False messages in our name",
        "Somebody is sending messages and calling in the name of the Swedish Security Service. Open no "
        "links and give no details. If you are unsure, call our switchboard on the number at the foot "
        "of the page.",
    ),
    (
        "Hot mot vår webbplats", "warning", "Webbplatsen är utsatt för en attack",
        "Sidorna kan vara långsamma eller saknas en stund. Ring 112 om någon är i fara. Vår växel "
        "svarar som vanligt.",
        "The website is under attack",
        "Pages may be slow, or missing for a while. Call 112 if somebody is in danger. Our switchboard "
        "answers as usual.",
    ),
    (
        "Telefonerna fungerar inte", "warning", "Våra telefoner fungerar inte",
        "Det går inte att ringa vår växel just nu. Ring 112 om någon är i fara, och polisen på 114 14 "
        "om det inte är akut.",
        "Our telephones do not work",
        "It is not possible to call our switchboard right now. Call 112 if somebody is in danger, and "
        "the police on 114 14 if it is not urgent.",
    ),
)  # fmt: skip
ALL_CLEAR = (
    "Faran över", "information", "Faran är över",
    "Du behöver inte längre följa de råd som vi gav. Tack för att du gjorde det.",
    "The danger is over",
    "You no longer need to follow the advice that we gave. Thank you for doing so.",
)  # fmt: skip


def write_messages(apps: Apps, _editor: Any) -> None:
    prepared = apps.get_model("newsroom", "PreparedMessage").objects
    for position, words in enumerate([*MESSAGES, ALL_CLEAR], 1):
        prepared.create(
            position=10 * position,
            is_all_clear=words is ALL_CLEAR,
            **dict(zip(FIELDS, words, strict=True)),
        )


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('content', '0001_initial'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConfirmationTask',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
            ],
            options={
                'verbose_name': 'approval by two persons',
                'verbose_name_plural': 'approvals by two persons',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='Permit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=255)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PreparedMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='Name')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='Order')),
                ('is_all_clear', models.BooleanField(default=False, help_text='It takes the place of a message that is out.', verbose_name='For when the danger is over')),
                ('level', models.CharField(choices=[('information', 'Information'), ('warning', 'Warning'), ('danger', 'Danger')], default='warning', max_length=12, verbose_name='Level')),
                ('heading', models.CharField(max_length=120, verbose_name='Heading')),
                ('text', models.TextField(blank=True, max_length=600, verbose_name='Text')),
                ('heading_in_english', models.CharField(max_length=120, verbose_name='Heading in English')),
                ('text_in_english', models.TextField(blank=True, max_length=600, verbose_name='Text in English')),
            ],
            options={
                'verbose_name': 'prepared message',
                'verbose_name_plural': 'prepared messages',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Renaming',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipe', models.PositiveSmallIntegerField(db_default=1, editable=False)),
                ('former', models.CharField(blank=True, editable=False, max_length=64)),
                ('hash', models.CharField(editable=False, max_length=64)),
                ('kind', models.CharField(max_length=100)),
                ('path', models.CharField(max_length=255)),
                ('name', models.CharField(max_length=255)),
                ('release', models.CharField(max_length=100)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'renaming',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AccountEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_name', models.CharField(max_length=310)),
                ('by_name', models.CharField(blank=True, max_length=310)),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('what', models.CharField(choices=[('CREATED', 'Created'), ('ROLE_GIVEN', 'Role Given'), ('ROLE_TAKEN', 'Role Taken'), ('PASSWORD_SET', 'Password Set'), ('EMAIL_CHANGED', 'Email Changed'), ('CLOSED_LEFT', 'Closed Left'), ('CLOSED_HIJACKED', 'Closed Hijacked'), ('OPENED', 'Opened'), ('LIFTED', 'Lifted')], max_length=20)),
                ('role', models.CharField(blank=True, max_length=150)),
                ('from_where', models.CharField(choices=[('CMS', 'Cms'), ('COMMAND', 'Command')], max_length=10)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='account_events', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CallNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, help_text='Such as On duty. Not for an account.', max_length=80, verbose_name='Name')),
                ('phone', models.CharField(max_length=40, verbose_name='Telephone')),
                ('account', models.OneToOneField(blank=True, help_text='Empty for a number that belongs to nobody, such as that of who is on duty.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Account')),
            ],
            options={
                'verbose_name': 'number to call',
                'verbose_name_plural': 'numbers to call',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins', models.DateField(default=django.utils.timezone.localdate, unique=True, verbose_name='From')),
                ('account', models.ForeignKey(limit_choices_to={'groups__name': 'Chefredaktörer', 'is_active': True}, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='On call')),
            ],
            options={
                'verbose_name': 'turn on call',
                'verbose_name_plural': 'turns on call',
                'ordering': ['begins'],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipe', models.PositiveSmallIntegerField(db_default=1, editable=False)),
                ('former', models.CharField(blank=True, editable=False, max_length=64)),
                ('hash', models.CharField(editable=False, max_length=64)),
                ('kind', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=255)),
                ('person_name', models.CharField(max_length=255)),
                ('as_chief', models.BooleanField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('digest', models.CharField(max_length=64)),
                ('along', models.JSONField(default=dict)),
                ('reasons', models.JSONField(default=dict)),
                ('way', models.CharField(choices=[('sent', 'sent it'), ('confirmed', 'approved it'), ('changed', 'changed it'), ('emergency', 'put it out alone')], max_length=10)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'confirmation',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Ending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('why', models.CharField(choices=[('taken_back', 'Taken back'), ('returned', 'Changes asked for'), ('used_up', 'Approved, or another version was published'), ('withdrawn', 'Removed from the website'), ('stopped', 'Stopped'), ('lapsed', 'Lapsed'), ('account_closed', 'The account was closed')], max_length=14)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ending', to='newsroom.confirmation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=255)),
                ('act', models.CharField(max_length=20)),
                ('parameters', models.JSONField(default=dict)),
                ('file', models.FileField(blank=True, upload_to='proposals')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('carried_out_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipe', models.PositiveSmallIntegerField(db_default=1, editable=False)),
                ('former', models.CharField(blank=True, editable=False, max_length=64)),
                ('hash', models.CharField(editable=False, max_length=64)),
                ('kind', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=255)),
                ('digest', models.CharField(max_length=64)),
                ('ground', models.CharField(choices=[('two', 'Approved by two'), ('emergency', 'Put out in an emergency'), ('before_the_rule', 'Public before the rule'), ('demo', 'Content of the demo')], max_length=16)),
                ('confirmations', models.JSONField(default=list)),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('revision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.revision')),
                ('proposal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='newsroom.proposal')),
            ],
            options={
                'verbose_name': 'approval',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_name', models.CharField(max_length=255)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer', models.CharField(choices=[('right', 'It is right'), ('to_change', 'It must be changed')], max_length=10)),
                ('note', models.TextField(blank=True)),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='newsroom.approval')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='StopOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('why', models.TextField(blank=True)),
                ('approval', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='stop', to='newsroom.approval')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.TextField(blank=True, verbose_name='Message to whoever approves')),
                ('wanted_by', models.DateTimeField(blank=True, null=True, verbose_name='Wanted before')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Waiting for approval'), ('published', 'Published'), ('scheduled', 'Scheduled'), ('returned', 'Changes asked for'), ('taken_back', 'Taken back'), ('replaced', 'Sent again'), ('lapsed', 'Lapsed'), ('stopped', 'Stopped')], default='', max_length=12)),
                ('closing_note', models.TextField(blank=True)),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-sent_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CrisisDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('message_type', models.CharField(blank=True, choices=[('', 'New'), ('update', 'Update'), ('correction', 'Correction'), ('all_clear', 'The danger is over')], default='', max_length=12)),
                ('typed', models.JSONField(default=dict)),
                ('put_out_alone_at', models.DateTimeField(null=True)),
                ('asked', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='content.threatleveldecision')),
                ('follows', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.alert')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='content.alert')),
                ('news', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='content.newspage')),
                ('submission', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='crisis', to='newsroom.submission')),
            ],
            options={
                'ordering': ['-changed_at', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='confirmation',
            name='submission',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='newsroom.submission'),
        ),
        migrations.AddField(
            model_name='approval',
            name='submission',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='newsroom.submission'),
        ),
        migrations.CreateModel(
            name='SubmittedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=255)),
                ('digest', models.CharField(max_length=64)),
                ('title', models.CharField(max_length=255)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('proposal', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='item', to='newsroom.proposal')),
                ('revision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='newsroom.submission')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipe', models.PositiveSmallIntegerField(db_default=1, editable=False)),
                ('former', models.CharField(blank=True, editable=False, max_length=64)),
                ('hash', models.CharField(editable=False, max_length=64)),
                ('kind', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=255)),
                ('live_digest', models.CharField(blank=True, max_length=64)),
                ('title', models.CharField(blank=True, max_length=255)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('how', models.CharField(choices=[('published', 'published'), ('withdrawn', 'removed from the website'), ('carried', 'carried over'), ('ended', 'ended at its time')], max_length=10)),
                ('migration', models.CharField(blank=True, max_length=100)),
                ('approval', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='newsroom.approval')),
                ('carried_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='newsroom.publication')),
                ('revision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.revision')),
            ],
            options={
                'verbose_name': 'publication',
                'ordering': ['pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['kind', 'key', '-id'], name='publication_of_object')],
            },
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['outcome', '-sent_at'], name='submission_outcome'),
        ),
        migrations.AddIndex(
            model_name='confirmation',
            index=models.Index(fields=['kind', 'key', 'digest'], name='confirmed_digest'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(fields=['kind', 'key'], name='approved_object'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(fields=['ground', 'decided_at'], name='approval_ground'),
        ),
        migrations.AddIndex(
            model_name='submitteditem',
            index=models.Index(fields=['kind', 'key'], name='submitted_object'),
        ),
        migrations.RunPython(write_messages, migrations.RunPython.noop),
    ]
