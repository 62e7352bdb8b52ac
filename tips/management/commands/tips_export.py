"""Packs sealed tips into a file, for a machine without a network."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tips.handling import outgoing, steps
from tips.keeping.sealed_files import BODY, HEAD
from tips.keeping.vault import Vault, vault_now
from tips.management.arguments import day_from, tip_from
from tips.management.console import TipsCommand, legible
from tips.management.files import new_file, refuse_existing
from tips.models import State, Tip
from tips.router import DATABASE
from tips.sealing.reference import reference_of

_ACTOR = "tips_export"
STATES = [state.value for state in State if state != State.PURGED]


class Command(TipsCommand):
    help = (
        "Lägger förseglade tips i en zip-fil, med filer och anteckningar, för en dator\n"
        "utan nät. Inget öppnas: det gör tips_open eller opener.html. Utan val tas alla\n"
        "tips med.\n\n"
        f"Lägen: {', '.join(STATES[:5])},\n{', '.join(STATES[5:])}"
    )
    example = "tips_export tips.zip --state received --since 2026-11-01"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FIL.zip", help="Ny fil. Skrivs aldrig över.")
        parser.add_argument(
            "--state",
            dest="states",
            action="append",
            choices=STATES,
            metavar="LÄGE",
            help="Bara tips i det läget. Får anges flera gånger.",
        )
        parser.add_argument(
            "--since", metavar="DATUM", help="Bara tips från och med den dagen: 2026-11-25."
        )
        parser.add_argument(
            "--tip",
            dest="tips",
            action="append",
            metavar="TIPS",
            help="Bara det tipset: id eller referensnummer. Får anges flera gånger.",
        )

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        path = Path(file)
        refuse_existing(path)
        vault = vault_now()
        tips = _chosen(options["states"], options["since"], options["tips"])
        whole = [tip for tip in tips if _is_whole(vault, tip)]
        if not tips:
            raise CommandError("Inga tips stämmer in på det. Ingen fil har skrivits.")
        if whole:
            with new_file(path) as out:
                tips_out = [steps.export(tip.pk, _ACTOR) for tip in whole]
                outgoing.write_bundle(self.counted(tips_out), vault, out)
            self.stdout.write(f"{len(whole)} förseglade tips ligger i {legible(path)}.")
        if lost := [reference_of(tip.pk) for tip in tips if tip not in whole]:
            raise CommandError(f"Filerna saknas till {', '.join(lost)}: kör tips_janitor.")


def _chosen(states: list[str] | None, since: str | None, tips: list[str] | None) -> list[Tip]:
    found = Tip.objects.using(DATABASE).order_by("received_on", "pk")
    if states:
        found = found.filter(state__in=states)
    if since:
        found = found.filter(received_on__gte=day_from(since))
    if tips:
        found = found.filter(pk__in=[tip_from(text).pk for text in tips])
    return list(found)


def _is_whole(vault: Vault, tip: Tip) -> bool:
    return {HEAD, BODY} <= {file.name for file in vault.files(tip.pk)}
