"""The demo's keys for tips: drawn once, kept in the data folder, marked as the demo's."""

import secrets
import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.timezone import localdate

from tips.keeping import intake_key
from tips.sealing import age, handler_file
from tips.sealing.trust import TrustError
from tips.sealing.trust_folder import load, put_file

from . import trust
from .trust import HANDLERS, DemoHandler

READ_ME = """\
DEMO. Nycklarna i den här mappen hör till demot och gäller inte i drift.

tove-berg.txt               Tove Bergs nyckel: den loggar in i tipsmottagningen och öppnar tipsen.
tage-lind.txt               Tage Linds: två behövs för att gallra.
tove-berg.age               den första, låst med en lösenfras, så som en riktig ska vara.
trust/                      nyckelringen, som säger vilka nya tips förseglas till, och underskrifterna.
intake.key                  det som inlämningen skriver under ankomster med.
undertecknare-1.txt …       de tre som skriver under den: två behövs.

Lösenfras: {passphrase}

Utan server öppnas tipsen så här: välj tips.zip och nyckeln i opener.html.

./sapo tips_export tips.zip
./sapo tips_opener
"""

_MARK = """\
# DEMO: den här nyckeln öppnar demots tips och får inte användas i drift.
# Den är inte låst: den som kommer åt filen kan läsa tipsen.
"""
_LEAST_LEFT = timedelta(days=30)


def keys_folder() -> Path:
    return settings.VAR_DIR / "demo-keys"


def identity_file() -> Path:
    return keys_folder() / "tove-berg.txt"


def set_up_keys() -> DemoHandler:
    """The first handler. Where the keys are not whole, or soon out of date, all of them are drawn anew.

    They come together, or not at all: a start that was cut off begins again.
    """
    if not getattr(settings, "DEMO", False):
        raise CommandError("Demots nycklar görs bara under demoinställningar.")
    folder = keys_folder()
    if not (handlers := _kept(folder)):
        part = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700, parents=True)
        _draw(part, trust.serial_after(folder / "trust"))
        (settings.TIPS_INTAKE_DIR / "trust-seen").unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
        handlers = _kept(folder)
    return handlers[0]


def _kept(folder: Path) -> list[DemoHandler]:
    """The handlers whose keys lie there; none where something is missing or damaged."""
    try:
        found = load(folder / "trust", trust.pin_in(folder / "trust"))
        intake_key.signing_key(found.ring)
        texts = {name: (folder / f"{name}.txt").read_text() for name in HANDLERS}
        if found.ring.not_after - localdate() < _LEAST_LEFT:
            return []
        return [
            DemoHandler(
                name,
                age.parse_identity_file(text)[0],
                handler_file.read_handler_file(text).secret or b"",
            )
            for name, text in texts.items()
        ]
    except (TrustError, age.AgeError, OSError, ValueError):
        return []


def _draw(folder: Path, serial: int) -> None:
    """Each file belongs to all the others."""
    today, handlers = localdate(), [DemoHandler.drawn(name) for name in HANDLERS]
    intake_key.make_key(folder / "intake.key")
    pin = trust.make_anew(folder, handlers, today, serial)
    for each in handlers:
        text = handler_file.spell_handler_file(
            each.identity, today.isoformat(), each.id, each.secret, pin
        )
        put_file(folder / f"{each.id}.txt", f"{_MARK}{text}".encode(), 0o600)
    passphrase = secrets.token_urlsafe(12)
    locked = age.lock((folder / identity_file().name).read_bytes(), passphrase)
    put_file(folder / "tove-berg.age", locked.encode(), 0o600)
    put_file(folder / "LÄS-MIG.txt", READ_ME.format(passphrase=passphrase).encode(), 0o600)
