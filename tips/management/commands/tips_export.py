"""Packs sealed tips into a file, for a machine without a network."""

from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from tips.handling import outgoing, steps
from tips.keeping.sealed_files import BODY, HEAD
from tips.keeping.vault import Vault, vault_now
from tips.management.arguments import tip_from
from tips.management.console import TipsCommand
from tips.models import Tip
from tips.router import DATABASE
from tips.sealing.reference import reference_of
from tips.signing.files import new_file, refuse_existing
from tips.signing.speech import legible

_ACTOR = "tips_export"


class Command(TipsCommand):
    help = (
        "Lägger förseglade tips i en zip-fil, med filer och anteckningar, för en dator\n"
        "utan nät. Inget öppnas: det gör opener.html. Utan --tip tas alla tips med."
    )
    example = "tips_export tips.zip --tip 7F3K-9Q2M"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FIL.zip", help="Ny fil. Skrivs aldrig över.")
        parser.add_argument(
            "--tip",
            dest="tips",
            action="append",
            metavar="TIPS",
            help="Bara det tipset: id eller referensnummer. Får anges flera gånger.",
        )

    def handle(self, *args: object, file: str, tips: list[str] | None, **options: object) -> None:
        path = Path(file)
        refuse_existing(path)
        vault = vault_now()
        found = Tip.objects.using(DATABASE).order_by("received_on", "pk")
        if tips:
            found = found.filter(pk__in=[tip_from(text).pk for text in tips])
        whole = [tip for tip in found if _is_whole(vault, tip)]
        if not found:
            raise CommandError("Det finns inga tips. Ingen fil har skrivits.")
        if whole:
            with new_file(path) as out:
                outgoing.write_bundle([steps.export(tip.pk, _ACTOR) for tip in whole], vault, out)
            self.stdout.write(f"{len(whole)} förseglade tips ligger i {legible(path)}.")
        if lost := [reference_of(tip.pk) for tip in found if tip not in whole]:
            raise CommandError(f"Filerna saknas till {', '.join(lost)}: kör tips_janitor.")


def _is_whole(vault: Vault, tip: Tip) -> bool:
    return {HEAD, BODY} <= {file.name for file in vault.files(tip.pk)}
