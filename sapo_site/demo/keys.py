"""The demo's keys for tips: drawn once, kept in the data folder, marked as the demo's."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.timezone import localdate

from tips.sealing import age, keyring
from tips.sealing.keyring import Keyring, KeyringEntry

READ_ME = """\
DEMO. Nycklarna i den här mappen hör till demot och gäller inte i drift.

identity.txt                öppnar tipsen. Välj den i tipsmottagningen, under Öppna nyckeln.
identity-med-losenord.age   samma nyckel, låst med en lösenfras, så som en riktig ska vara.
keyring.json                nyckelringen: den säger vilka nya tips förseglas till.

Lösenfras: {passphrase}

Utan webbläsare öppnas tipsen så här:

./sapo tips_export tips.zip
./sapo tips_open tips.zip --identity {identity} --out oppnade
"""

_MARK = """\
# DEMO: den här nyckeln öppnar demots tips och får inte användas i drift.
# Den är inte låst: den som kommer åt filen kan läsa tipsen.
"""


def keys_folder() -> Path:
    return settings.VAR_DIR / "demo-keys"


def identity_file() -> Path:
    return keys_folder() / "identity.txt"


def set_up_keys() -> age.Identity:
    """Makes the missing keys. If the identity is lost, makes a new one and all that belongs to it.

    Each file is written whole, and files that a lost identity has made useless are removed first,
    so that the next start completes an interrupted one.
    """
    if not getattr(settings, "DEMO", False):
        raise CommandError("Demots nycklar görs bara under demoinställningar.")
    folder = keys_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, read_me = identity_file(), folder / "LÄS-MIG.txt"
    wrapped = folder / "identity-med-losenord.age"
    if not path.exists():
        settings.TIPS_KEYRING.unlink(missing_ok=True)
        read_me.unlink(missing_ok=True)
        identity = age.generate_identity()
        _write(path, f"{_MARK}# public key: {identity.recipient}\n{identity}\n")
    identity = _kept_identity(path)
    if not settings.TIPS_KEYRING.exists():
        entry = KeyringEntry("Demonyckel", identity.recipient, localdate())
        keyring.save_keyring(Keyring(1, localdate(), (entry,), is_demo=True), settings.TIPS_KEYRING)
    if not (read_me.exists() and wrapped.exists()):
        read_me.unlink(missing_ok=True)
        passphrase = secrets.token_urlsafe(12)
        _write(wrapped, age.lock(path.read_bytes(), passphrase))
        _write(read_me, READ_ME.format(passphrase=passphrase, identity=path))
    return identity


def _kept_identity(path: Path) -> age.Identity:
    try:
        return age.parse_identity_file(path.read_text())[0]
    except (age.AgeError, UnicodeDecodeError):
        raise CommandError(
            f"Demots nyckel {path} är skadad. Ta bort mappen {path.parent} så dras en ny; "
            "de tips som finns går då inte att öppna."
        ) from None


def _write(path: Path, text: str) -> None:
    """Writes to another file and renames it; nobody else may read it."""
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
