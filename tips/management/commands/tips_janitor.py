"""Puts right what a crash left behind."""

from django.core.management.base import CommandError, CommandParser

from tips.handling.janitor import Report, TipFault, tidy_up
from tips.keeping.vault import vault_now
from tips.management.console import TipsCommand
from tips.sealing.reference import reference_of

_MINUTE = 60
DEFAULT_GRACE = 60
FAULTS = {
    "half": "halva tips eller annat i mappen incoming går inte att ta bort",
    "unreadable": "tips har en mapp som inte går att läsa eller ändra",
    "orphan": "tips är inte hela och har ingen rad i databasen",
    "no_folder": "tips saknar sin mapp: läs in en säkerhetskopia",
    "changed": "tips har inte de filer som togs emot: läs in en säkerhetskopia",
}


class Command(TipsCommand):
    help = (
        "Städar efter avbrott: tar bort halva tips, tar in hela som saknar rad i\n"
        "databasen, avslutar avbrutna gallringar, loggar nya tips och skriver hur många\n"
        "som kom per dag till redaktionsverktyget. Läser igenom allt förseglat, en del\n"
        "varje gång. Slutar med 1 om något inte går att rätta, och säger då hur många\n"
        "tips det är men inte vilka, eftersom det mejlas till root."
    )
    example = "tips_janitor --grace 60"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--grace",
            type=int,
            default=DEFAULT_GRACE,
            metavar="MINUTER",
            help="Så gammalt ska det halva vara för att tas bort (60).",
        )
        parser.add_argument(
            "--ids", action="store_true", help="Säg också vilka tips det är fel på."
        )

    def handle(self, *args: object, grace: int, ids: bool, **options: object) -> None:
        if grace < 0:
            raise CommandError("--grace kan inte vara mindre än 0.")
        report = tidy_up(vault_now(), grace * _MINUTE)
        for line in _done(report):
            self.stdout.write(line)
        if report.faults:
            *others, last = _in_words(report.faults, ids)
            for line in others:
                self.stderr.write(line)
            raise CommandError(last)


def _done(report: Report) -> list[str]:
    told = (
        (report.swept, "halva tips borttagna"),
        (report.purged, "avbrutna gallringar avslutade"),
        (report.adopted, "hela tips utan rad intagna"),
        (report.taken_in, "nya tips loggade"),
    )
    return [f"{count} {what}" for count, what in told if count] or ["Inget att städa."]


def _in_words(faults: list[TipFault], with_ids: bool) -> list[str]:
    """How many tips have which fault; which ones only when that is asked for."""
    lines = []
    for kind in dict.fromkeys(fault.kind for fault in faults):
        tips = [fault.tip_id for fault in faults if fault.kind == kind]
        line = f"{len(tips)} {FAULTS[kind]}."
        if with_ids and all(tips):
            line += " " + ", ".join(f"{reference_of(tip)} ({tip})" for tip in tips if tip)
        lines.append(line)
    return lines
