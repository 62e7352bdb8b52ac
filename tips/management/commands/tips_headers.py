"""Puts back the headers of a tip that a handler has replaced with others that nobody can open."""

from django.core.management.base import CommandError, CommandParser

from tips.handling import rewrap
from tips.keeping.vault import vault_now
from tips.management.arguments import tip_from
from tips.management.console import TipsCommand
from tips.sealing.reference import reference_of

_ACTOR = "tips_headers"


class Command(TipsCommand):
    help = (
        "Visar de omslag som har ersatts när ett tips förseglades om, och lägger\n"
        "tillbaka dem. De ligger kvar tills tipset gallras."
    )
    example = "tips_headers 7F3K-9Q2M --before 4"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tip", metavar="TIPS", help="id eller referensnummer")
        parser.add_argument(
            "--before", type=int, metavar="VERSION", help="Lägg tillbaka dem som stod där till den."
        )

    def handle(self, *args: object, tip: str, before: int | None, **options: object) -> None:
        vault, found = vault_now(), tip_from(tip)
        replaced, reference = rewrap.restorable(found.pk, vault), reference_of(found.pk)
        if not replaced or (before is not None and before not in replaced):
            raise CommandError(f"Tips {reference} har inga sådana omslag att lägga tillbaka.")
        if before is not None:
            count = rewrap.restore(found.pk, before, vault, _ACTOR)
            self.stdout.write(f"Tips {reference}: {count} omslag är återställda.")
            return
        self.stdout.write(f"Tips {reference} har omslag som stod där till och med version")
        for version, headers in replaced.items():
            serials = ", ".join(sorted({str(header.serial) for header in headers}))
            self.stdout.write(f"  {version}: {len(headers)} omslag för nyckelring {serials}")
