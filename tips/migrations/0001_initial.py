import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('pk', models.CompositePrimaryKey('epoch', 'counter', blank=True, editable=False, primary_key=True, serialize=False)),
                ('epoch', models.CharField(max_length=32)),
                ('counter', models.PositiveBigIntegerField()),
                ('tip_id', models.UUIDField(null=True, unique=True)),
                ('message', models.BinaryField()),
                ('ed25519', models.BinaryField(max_length=64)),
                ('mldsa65', models.BinaryField(max_length=3309)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DeskAttempt',
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
            name='Event',
            fields=[
                ('seq', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('tip_id', models.UUIDField(db_index=True)),
                ('tip_version', models.PositiveIntegerField()),
                ('on', models.DateField()),
                ('actor', models.CharField(blank=True, max_length=150)),
                ('verb', models.CharField(max_length=24)),
                ('from_state', models.CharField(blank=True, max_length=12)),
                ('to_state', models.CharField(blank=True, max_length=12)),
                ('reason', models.CharField(blank=True, max_length=150)),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['seq'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('received_on', models.DateField()),
                ('register_no', models.CharField(blank=True, max_length=40)),
                ('decision', models.CharField(max_length=60)),
                ('purged_on', models.DateField()),
                ('proposed_by', models.CharField(max_length=150)),
                ('approved_by', models.CharField(max_length=150)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Handler',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('username', models.CharField(max_length=150, unique=True)),
                ('name', models.CharField(max_length=150)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('password', models.CharField(blank=True, max_length=128)),
                ('made_on', models.DateField()),
                ('enrolled_by', models.CharField(blank=True, max_length=150)),
                ('is_locked', models.BooleanField(default=False)),
                ('closed_on', models.DateField(null=True)),
                ('code', models.CharField(blank=True, max_length=128)),
                ('code_until', models.DateTimeField(null=True)),
                ('browsers_since', models.DateTimeField(null=True)),
                ('factors_digest', models.CharField(blank=True, db_default='', default='', max_length=64)),
                ('seal', models.CharField(blank=True, db_default='', default='', max_length=64)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='handler_by_name')],
            },
        ),
        migrations.CreateModel(
            name='DeskSession',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('key_hash', models.CharField(max_length=64, unique=True)),
                ('stage', models.CharField(choices=[('half', 'Half'), ('in', 'In')], max_length=4)),
                ('began', models.DateTimeField()),
                ('seen', models.DateTimeField(db_index=True)),
                ('label', models.CharField(blank=True, max_length=80)),
                ('proven', models.DateTimeField()),
                ('challenge', models.BinaryField(max_length=64, null=True)),
                ('secret', models.BinaryField(max_length=256, null=True)),
                ('wrong_answers', models.PositiveSmallIntegerField(default=0)),
                ('seal', models.CharField(blank=True, db_default='', default='', max_length=64)),
                ('handler', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='tips.handler')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Authenticator',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('webauthn', 'Passkey'), ('totp', 'App'), ('codes', 'Codes')], max_length=8)),
                ('label', models.CharField(blank=True, max_length=60)),
                ('made_on', models.DateField()),
                ('used_on', models.DateField(null=True)),
                ('credential_id', models.BinaryField(max_length=1023, null=True, unique=True)),
                ('public_key', models.BinaryField(max_length=4096, null=True)),
                ('counter', models.PositiveBigIntegerField(default=0)),
                ('secret', models.BinaryField(max_length=256, null=True)),
                ('step', models.PositiveBigIntegerField(default=0)),
                ('codes', models.JSONField(default=dict)),
                ('record', models.TextField(blank=True)),
                ('signatures', models.TextField(blank=True)),
                ('handler', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authenticators', to='tips.handler')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('tip_id', models.UUIDField(db_index=True)),
                ('place', models.PositiveIntegerField()),
                ('author', models.CharField(max_length=150)),
                ('written_on', models.DateField()),
                ('sealed', models.BinaryField()),
                ('keyring_serial', models.PositiveIntegerField()),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('tip_id', 'place'), name='note_place')],
            },
        ),
        migrations.CreateModel(
            name='Tip',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('received_on', models.DateField()),
                ('files_digest', models.BinaryField(max_length=32)),
                ('keyring_serial', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('received', 'Received'), ('read', 'Read'), ('assigned', 'Assigned'), ('forwarded', 'Forwarded'), ('no_action', 'No action'), ('spam', 'Spam'), ('closed', 'Closed'), ('purged', 'Purged')], default='received', max_length=12)),
                ('state_on', models.DateField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('assigned_to', models.CharField(blank=True, max_length=150)),
                ('is_on_hold', models.BooleanField(default=False)),
                ('register_no', models.CharField(blank=True, max_length=40)),
                ('purge_proposed_by', models.CharField(blank=True, max_length=150)),
                ('purge_decision', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['state', 'received_on'], name='tip_queue')],
            },
        ),
    ]
