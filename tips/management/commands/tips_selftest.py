"""Tries, point by point, that tips can be received, sealed, kept and opened."""

import stat
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.module_loading import import_string
from django.utils.timezone import localdate

from tips.form import safety
from tips.keeping.sealed_files import HEADS
from tips.keeping.vault import vault_now
from tips.management.console import TipsCommand, fault_in_words
from tips.management.trusted import installed
from tips.models import Arrival, Event, Note, Tip, Tombstone
from tips.router import DATABASE
from tips.sealing import age
from tips.signing.speech import legible
from tips.signing.words import in_one_line

_THROWAWAY = b"Prov: inget tips."
_OTHERS = stat.S_IRWXO


class Command(TipsCommand):
    help = (
        "Prövar punkt för punkt att tips kan tas emot, förseglas, sparas och öppnas.\n"
        "Ändrar inga tips. En rad för varje punkt; ett fel slutar med 1. Körs både som\n"
        "kontot som tar emot tips och som det som sköter tipsmottagningen: var och en\n"
        "prövar det som den får göra."
    )
    example = "tips_selftest"

    def handle(self, *args: object, **options: object) -> None:
        points = [_keyring, _seals_and_opens, _folders, _room, _database, _server, _leaks]
        failed = sum(not self._holds(point) for point in points)
        if failed:
            raise CommandError(f"{failed} av {len(points)} punkter håller inte.")
        self.stdout.write(f"Alla {len(points)} punkter håller.")

    def _holds(self, point: Callable[[], str]) -> bool:
        try:
            self.stdout.write(f"ok   {point()}")
        except Exception as error:
            words = fault_in_words(error)
            self.stdout.write(f"FEL  {' '.join(words.split())}")
            return False
        return True


def _keyring() -> str:
    return in_one_line(installed().ring, localdate())


def _seals_and_opens() -> str:
    opens = age.generate_identity()
    sealed = age.seal(_THROWAWAY, [*installed().ring.recipients, opens.recipient])
    if age.unseal(sealed, [opens]) != _THROWAWAY:
        raise CommandError("Det som förseglas blir något annat när det öppnas.")
    return "Det som förseglas till nyckelringen går att öppna."


def _folders() -> str:
    vault = vault_now()
    with vault.begin() as arriving:
        arriving.create(HEADS).close()
    for folder in (vault.root, vault.root / "incoming", vault.root / "sealed"):
        if folder.stat().st_mode & _OTHERS:
            raise CommandError(f"Andra konton kommer in i {legible(folder)}: chmod o= {folder}")
    return f"Tips kan sparas i {legible(vault.root)}, och inga andra konton kommer in där."


def _room() -> str:
    free = vault_now().free_bytes()
    if free < settings.TIPS_RESERVE_BYTES:
        raise CommandError(
            f"Bara {filesizeformat(free)} är ledigt: under "
            f"{filesizeformat(settings.TIPS_RESERVE_BYTES)} tar formuläret inte emot något."
        )
    return f"{filesizeformat(free)} är ledigt."


def _database() -> str:
    if "intake" in settings.ROLES:
        _add_a_tip_and_take_it_back()
    if "desk" in settings.ROLES:  # the intake may not read these tables
        for model in (Tip, Arrival, Note, Event, Tombstone):
            model._default_manager.using(DATABASE).first()
    return "Tipsdatabasen svarar."


def _add_a_tip_and_take_it_back() -> None:
    today = localdate()
    tip = Tip(
        id=uuid4(), received_on=today, state_on=today, files_digest=bytes(32), keyring_serial=0
    )
    with transaction.atomic(using=DATABASE):
        Tip.objects.using(DATABASE).bulk_create([tip])
        number = Arrival(epoch="0" * 32, counter=1, message=b"", ed25519=b"", mldsa65=b"")
        Arrival.objects.using(DATABASE).bulk_create([number])
        transaction.set_rollback(True, using=DATABASE)


def _server() -> str:
    """Loads here what the server serves: it refuses to start where it would leak."""
    try:
        import_string(settings.WSGI_APPLICATION)
    except ImproperlyConfigured as error:
        raise CommandError(f"Mottagningen vägrar att starta: {error}") from None
    if safety.leaves_cores():
        raise CommandError("Servern stänger inte av minnesdumpar.")
    return "Servern går att starta, och stänger av minnesdumpar."


def _leaks() -> str:
    """Runs after `_server`, which turns crash dumps off."""
    for reason in safety.leaks_of_process():
        raise CommandError(f"Mottagningen vägrar att starta: {reason}")
    return "Inget i programmet sänder eller skriver det som kommer in någon annanstans."
