"""The phrases that a website starts with; chief editors keep them from then on."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations

WORDS = {
    "secrecy": (
        "HEMLIG", "HEMLIGT", "KVALIFICERAT HEMLIG", "BEGRÄNSAT HEMLIG", "KONFIDENTIELL",
        "KONFIDENTIELLT", "SEKRETESS", "SEKRETESSBELAGD", "SEKRETESSBELAGT", "SEKRETESSMARKERAD",
        "SEKRETESSMARKERING", "STRÄNGT FÖRTROLIGT", "Sekretess enligt OSL", "Hemlig enligt OSL",
        "Säkerhetsskyddsklass: begränsat hemlig", "Säkerhetsskyddsklass: konfidentiell",
        "Säkerhetsskyddsklass: hemlig", "Säkerhetsskyddsklass: kvalificerat hemlig",
        "FÅR EJ SPRIDAS", "FÅR INTE SPRIDAS", "EJ FÖR SPRIDNING", "EJ FÖR PUBLICERING",
        "ENDAST FÖR TJÄNSTEBRUK", "ENDAST FÖR INTERNT BRUK", "FÖR INTERNT BRUK",
        "RESTRICTED", "CONFIDENTIAL", "SECRET", "TOP SECRET", "RESTREINT UE", "CONFIDENTIEL UE",
        "SECRET UE", "TRES SECRET UE", "TRÈS SECRET UE", "OFFICIAL-SENSITIVE", "NOFORN",
        "TLP:RED", "TLP:AMBER",
    ),
    "placeholder": ("UTKAST", "ARBETSMATERIAL", "Förnamn Efternamn"),
}  # fmt: skip
PATTERNS = {
    "secrecy": ("Sekretess enligt #*", "Sekretess: #*", "Hemlig enligt #*"),
    "case_number": (
        "20##-###", "20##-####", "20##-#####", "20##-######", "19##-#####", "dnr *#*",
        "d.nr *#*", "diarienr *#*", "diarienummer *#*", "ärendenr *#*", "ärendenummer *#*",
        "ärende nr *#*", "####-K*-##",
    ),
}  # fmt: skip


def write_phrases(apps: Apps, _editor: Any) -> None:
    phrase = apps.get_model("pages", "Phrase").objects
    for is_pattern, kept in ((False, WORDS), (True, PATTERNS)):
        for kind, texts in kept.items():
            for text in texts:
                phrase.create(kind=kind, text=text, is_pattern=is_pattern)


class Migration(migrations.Migration):
    dependencies = [("pages", "0018_checks")]

    # On the way back they go with their table.
    operations = [migrations.RunPython(write_phrases, migrations.RunPython.noop)]
