import uuid

import django.db.models.functions.text
from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    # Loses data: the sessions of before. Handlers log in anew, with accounts that lie here.

    dependencies = [
        ('tips', '0002_desk_logins'),
    ]

    operations = [
        # It was a view of the website's database: nothing is removed here.
        migrations.DeleteModel(name='HandlerAccount'),
        migrations.DeleteModel(name='DeskSession'),
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
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            'handler',
            models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='handler_by_name'),
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
                ('handler', models.ForeignKey(on_delete=CASCADE, related_name='authenticators', to='tips.handler')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
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
                ('handler', models.ForeignKey(on_delete=CASCADE, related_name='sessions', to='tips.handler')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
    ]
