"""Purges a tip for good: two handlers do it together, by a decision."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from tips.handling import purge, steps
from tips.keeping.vault import vault_now
from tips.management.arguments import tip_from
from tips.management.console import TipsCommand, legible
from tips.management.persons import make_sure_of
from tips.models import Tip
from tips.sealing.reference import reference_of


class Command(TipsCommand):
    help = (
        "Gallrar ett tips för gott: filerna, anteckningarna och raden tas bort. Kvar blir\n"
        "dag, id, diarienummer, beslut och vilka två som gjorde det. Bara avslutade tips\n"
        "och skräp kan gallras. Bådas lösenord frågas efter, och deras kod om de har en."
    )
    example = "\n  tips_purge 7F3K-9Q2M --decision 'RA-MS 2026:12' --proposer anna --approver bo"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tip", metavar="TIPS", help="id eller referensnummer")
        parser.add_argument(
            "--decision", required=True, metavar="BESLUT", help="Beslutet som tillåter det."
        )
        parser.add_argument(
            "--proposer", required=True, metavar="KONTO", help="Den som föreslår gallringen."
        )
        parser.add_argument(
            "--approver", required=True, metavar="KONTO", help="En annan, som godkänner den."
        )

    def handle(
        self, *args: Any, tip: str, decision: str, proposer: str, approver: str, **options: Any
    ) -> None:
        if proposer.casefold() == approver.casefold():
            raise CommandError("Den som föreslår och den som godkänner måste vara två olika.")
        found = tip_from(tip)
        for username in (proposer, approver):
            make_sure_of(username)
        reference = reference_of(found.pk)
        try:
            found = _proposed(found, decision, proposer)
            purge.approve(found.pk, found.version, approver, vault_now())
        except steps.Refused as error:
            raise CommandError(f"Tips {reference} har inte gallrats. {error}") from None
        except (steps.Conflict, Tip.DoesNotExist):
            raise CommandError(
                f"Tips {reference} har inte gallrats: någon annan ändrade det samtidigt. Försök igen."
            ) from None
        self.stdout.write(f"Tips {reference} är gallrat enligt {legible(decision)}.")


def _proposed(tip: Tip, decision: str, proposer: str) -> Tip:
    """The tip, its purge proposed: now, or before by the same person."""
    if not tip.purge_proposed_by:
        return purge.propose(tip.pk, tip.version, proposer, decision)
    if (tip.purge_proposed_by, tip.purge_decision) != (proposer, decision):
        raise CommandError(
            f"Tips {reference_of(tip.pk)} har inte gallrats. {tip.purge_proposed_by} har redan föreslagit det enligt {tip.purge_decision}: "
            "ange samma, eller låt förslaget tas tillbaka i tipsmottagningen."
        )
    return tip
