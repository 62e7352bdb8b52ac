"""The prepared messages that a website starts with; chief editors keep them from then on."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations

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
    prepared = apps.get_model("pages", "PreparedMessage").objects
    if prepared.exists():  # after one step back
        return
    for position, words in enumerate([*MESSAGES, ALL_CLEAR], 1):
        prepared.create(
            position=10 * position,
            is_all_clear=words is ALL_CLEAR,
            **dict(zip(FIELDS, words, strict=True)),
        )


class Migration(migrations.Migration):
    dependencies = [("pages", "0028_prepared_messages")]

    # On the way back they go with their table.
    operations = [migrations.RunPython(write_messages, migrations.RunPython.noop)]
