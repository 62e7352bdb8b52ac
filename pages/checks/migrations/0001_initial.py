from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models

# The phrases that a website starts with; chief editors keep them from then on.
WORDS = {
    "secrecy": (
        "HEMLIG", "HEMLIGT", "KVALIFICERAT HEMLIG", "BEGRÄNSAT HEMLIG", "KONFIDENTIELL",
        "KONFIDENTIELLT", "SEKRETESS", "SEKRETESSBELAGD", "SEKRETESSBELAGT", "SEKRETESSMARKERAD",
        "SEKRETESSMARKERING", "STRÄNGT FÖRTROLIGT",
        "Säkerhetsskyddsklass: begränsat hemlig", "Säkerhetsskyddsklass: konfidentiell",
        "Säkerhetsskyddsklass: hemlig", "Säkerhetsskyddsklass: kvalificerat hemlig",
        "får ej spridas", "sprids ej", "FÅR INTE SPRIDAS", "ej för spridning", "ej för publicering",
        "endast för tjänstebruk", "endast för internt bruk", "FÖR INTERNT BRUK",
        "RESTRICTED", "CONFIDENTIAL", "SECRET", "TOP SECRET", "RESTREINT UE", "CONFIDENTIEL UE",
        "SECRET UE", "TRES SECRET UE", "TRÈS SECRET UE", "OFFICIAL-SENSITIVE", "NOFORN",
        "TLP:RED", "TLP:AMBER",
    ),
    "placeholder": ("UTKAST", "ARBETSMATERIAL", "Förnamn Efternamn"),
}  # fmt: skip
PATTERNS = {
    "case_number": (
        "20##-###", "20##-####", "20##-#####", "20##-######", "19##-#####", "dnr *#*",
        "d.nr *#*", "diarienr *#*", "diarienummer *#*", "ärendenr *#*", "ärendenummer *#*",
        "ärende nr *#*", "####-K*-##",
    ),
}  # fmt: skip


def write_phrases(apps: Apps, _editor: Any) -> None:
    phrase = apps.get_model("checks", "Phrase").objects
    for is_pattern, kept in ((False, WORDS), (True, PATTERNS)):
        for kind, texts in kept.items():
            for text in texts:
                phrase.create(kind=kind, text=text, is_pattern=is_pattern)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='LinkState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=1000, unique=True, verbose_name='Address')),
                ('status', models.CharField(max_length=40, verbose_name='Answer')),
                ('checked_at', models.DateTimeField(verbose_name='Asked')),
                ('failing_since', models.DateTimeField(blank=True, null=True, verbose_name='Does not answer since')),
                ('named_by', models.JSONField(default=list, verbose_name='Named by')),
            ],
            options={
                'verbose_name': 'link',
                'verbose_name_plural': 'links',
                'ordering': ['failing_since', 'address'],
            },
        ),
        migrations.CreateModel(
            name='Phrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(help_text='Small letters also stand for capitals; capitals stand for capitals only, so that HEMLIG is found where it is a mark, and not the word hemlig in a text.', max_length=100, verbose_name='Words')),
                ('is_pattern', models.BooleanField(default=False, help_text='Then # is any digit, and * the rest of a word or number: dnr *#* finds dnr 2026/123.', verbose_name='Pattern')),
                ('kind', models.CharField(choices=[('secrecy', 'Mark of secrecy'), ('case_number', 'Case number'), ('placeholder', 'Text that is not finished')], max_length=12, verbose_name='Kind')),
                ('note', models.TextField(blank=True, help_text='Readers never see it.', verbose_name='Note')),
            ],
            options={
                'verbose_name': 'phrase to stop at',
                'verbose_name_plural': 'phrases to stop at',
                'ordering': ['kind', 'text'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'text'), name='unique_phrase_of_kind')],
            },
        ),
        migrations.RunPython(write_phrases, migrations.RunPython.noop),
    ]
