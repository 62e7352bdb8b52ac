"""The demo's keys for tips: drawn once, kept in the data folder, marked as the demo's."""

import os
import secrets
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.timezone import localdate

from tips.keeping import intake_key
from tips.sealing import age, handler_file
from tips.sealing.trust import SECRET_SIZE, TrustError
from tips.sealing.trust_folder import Trusted, load

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
    """Makes the missing keys, and returns the first handler. If the identity is lost, makes a new one and all that belongs to it.

    Each file is written whole, and what does not fit the rest is made anew, so that the next start
    completes an interrupted one. A key that has opened tips goes on doing so.
    """
    if not getattr(settings, "DEMO", False):
        raise CommandError("Demots nycklar görs bara under demoinställningar.")
    folder = keys_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    read_me, wrapped = folder / "LÄS-MIG.txt", folder / "tove-berg.age"
    files = {each: folder / f"{each}.txt" for each in HANDLERS}
    handlers = [_handler(name, path) for name, path in files.items()]
    today = localdate()
    intake_key.make_key(settings.TIPS_INTAKE_KEY)
    if not _is_good(_trusted(), handlers, files, today):
        read_me.unlink(missing_ok=True)
        pin = trust.make_anew(settings.TIPS_TRUST_DIR, folder, handlers, intake_key.entry(), today)
        (settings.TIPS_INTAKE_DIR / "trust-seen").unlink(missing_ok=True)
        for each in handlers:
            text = handler_file.spell_handler_file(
                each.identity, today.isoformat(), each.id, each.secret, pin
            )
            _write(files[each.id], f"{_MARK}{text}")
    if not (read_me.exists() and wrapped.exists()):
        read_me.unlink(missing_ok=True)
        passphrase = secrets.token_urlsafe(12)
        _write(wrapped, age.lock(identity_file().read_bytes(), passphrase))
        _write(read_me, READ_ME.format(passphrase=passphrase))
    return handlers[0]


def _trusted() -> Trusted | None:
    """What lies there already and can be believed."""
    try:
        return load(settings.TIPS_TRUST_DIR, trust.pin_in(settings.TIPS_TRUST_DIR))
    except (TrustError, OSError):
        return None


def _is_good(
    found: Trusted | None, handlers: list[DemoHandler], files: dict[str, Path], today: date
) -> bool:
    """Whether the keyring is good for a while, and each key file is one for it."""
    if found is None or found.ring.not_after - today < _LEAST_LEFT:
        return False
    if intake_key.own_key().public not in [each.key for each in found.ring.intake]:
        return False
    entries = {entry.recipient: entry.key for entry in found.ring.entries}
    return all(
        files[each.id].exists()
        and handler_file.read_handler_file(files[each.id].read_text()).root == found.chain[0].pin
        and entries.get(each.identity.recipient) == each.key.public
        for each in handlers
    )


def _handler(name: str, path: Path) -> DemoHandler:
    """What the file holds; drawn where there is none, or where one of before has no signing key."""
    if not path.exists():
        return DemoHandler(name, age.generate_identity(), secrets.token_bytes(SECRET_SIZE))
    try:
        text = path.read_text()
        identity = age.parse_identity_file(text)[0]
        secret = handler_file.read_handler_file(text).secret
    except (age.AgeError, TrustError, UnicodeDecodeError):
        raise CommandError(
            f"Demots nyckel {path} är skadad. Ta bort mappen {path.parent} så dras en ny; "
            "de tips som finns går då inte att öppna."
        ) from None
    return DemoHandler(name, identity, secret or secrets.token_bytes(SECRET_SIZE))


def _write(path: Path, text: str) -> None:
    """Writes to another file and renames it; nobody else may read it."""
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
