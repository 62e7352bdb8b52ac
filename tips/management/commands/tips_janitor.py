"""Puts right what a crash left behind, once or again and again."""

import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import close_old_connections

from tips.janitor import Report, tidy
from tips.management.console import TipsCommand, fault_in_words
from tips.vault import Vault

MINUTE = 60
DEFAULT_GRACE = 60


class Command(TipsCommand):
    help = (
        "Städar efter avbrott: tar bort halva tips, tar in hela som saknar rad i\n"
        "databasen, avslutar avbrutna gallringar, loggar nya tips och skriver hur många\n"
        "som kom per dag till redaktionsverktyget. Slutar med 1 om ett tips saknar sina\n"
        "filer."
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
            "--every", type=int, metavar="SEKUNDER", help="Städa om och om igen, så ofta."
        )
        parser.add_argument(
            "--parent",
            type=int,
            metavar="PID",
            help="Med --every: sluta när den processen inte längre är förälder.",
        )

    def handle(
        self, *args: Any, grace: int, every: int | None, parent: int | None, **options: Any
    ) -> None:
        if grace < 0:
            raise CommandError("--grace kan inte vara mindre än 0.")
        if every is None:
            if parent is not None:
                raise CommandError("--parent hör ihop med --every.")
            self._once(grace)
        elif every < 1:
            raise CommandError("--every ska vara minst 1.")
        else:
            self._again_and_again(grace, every, parent or os.getppid())

    def _once(self, grace: int) -> None:
        report = tidy(Vault(settings.TIPS_DIR), grace * MINUTE)
        for line in _done(report):
            self.stdout.write(line)
        if report.faults:
            *others, last = report.faults
            for fault in others:
                self.stderr.write(fault)
            raise CommandError(last)

    def _again_and_again(self, grace: int, every: int, parent: int) -> None:
        while os.getppid() == parent:
            try:
                self._once(grace)
            except CommandError as error:
                self.stderr.write(str(error))
            except Exception as error:  # the next round may go better
                self.stderr.write(fault_in_words(error))
            close_old_connections()
            for _second in range(every):
                if os.getppid() != parent:
                    break
                time.sleep(1)


def _done(report: Report) -> list[str]:
    told = (
        (report.swept, "halva tips borttagna"),
        (report.restored, "ovissa tips återförda"),
        (report.dropped, "ovissa tips borttagna: avsändaren fick veta att de inte kom fram"),
        (report.purged, "avbrutna gallringar avslutade"),
        (report.adopted, "hela tips utan rad intagna"),
        (report.taken_in, "nya tips loggade"),
    )
    return [f"{count} {what}" for count, what in told if count] or ["Inget att städa."]
