import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    
    ]

    operations = [
        migrations.CreateModel(
            name='ImportedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.CharField(max_length=64)),
                ('place', models.TextField()),
                ('name', models.TextField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('said', models.JSONField(default=list)),
                ('has_losses', models.BooleanField(default=False)),
                ('lacks_something', models.BooleanField(default=False)),
                ('handed_on_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='importedfile',
            name='page',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.page'),
        ),
        migrations.AddConstraint(
            model_name='importedfile',
            constraint=models.UniqueConstraint(fields=('content', 'place'), name='imported_once_to_a_place'),
        ),
    
    ]
