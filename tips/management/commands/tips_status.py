"""Tells how the tip channel is: numbers, keyring, room, and whether the event log is whole."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db.models import Count
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import localdate

from tips.handling import events
from tips.handling.janitor import is_as_received
from tips.keeping.folders import day_of
from tips.keeping.vault import Vault, vault_now
from tips.management.console import TipsCommand
from tips.management.trusted import in_one_line, installed, twelve_words
from tips.models import Event, State, Tip, Tombstone
from tips.router import DATABASE
from tips.sealing.reference import reference_of

DAYS_SHOWN = 7


class Command(TipsCommand):
    help = (
        "Visar hur många tips som finns i varje läge och hur många som kom de senaste\n"
        "dagarna, nyckelringen, utrymmet och den sista händelsens kontrollsumma.\n"
        "Skriv av summan och förvara den på annat håll: med --expect visar den senare\n"
        "om hela loggen har bytts ut."
    )
    example = "tips_status --verify"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--verify",
            action="store_true",
            help="Pröva händelseloggen och de förseglade tipsen; ett fel slutar med 1.",
        )
        parser.add_argument(
            "--expect",
            metavar="SUMMA",
            help="Med --verify: en summa som har skrivits av förut och ska finnas i loggen.",
        )

    def handle(self, *args: Any, verify: bool, expect: str | None, **options: Any) -> None:
        if expect and not verify:
            raise CommandError("--expect hör ihop med --verify.")
        vault = vault_now()
        if verify:
            self._verify(vault, (expect or "").strip().lower())
        else:
            self._show(vault)

    def _show(self, vault: Vault) -> None:
        tips = Tip.objects.using(DATABASE)
        in_state = dict(tips.values_list("state").annotate(count=Count("pk")))
        self.stdout.write(f"Tips: {sum(in_state.values())}")
        for state in State:
            if count := in_state.get(state.value):
                self.stdout.write(f"  {state.label}: {count}")
        self.stdout.write(f"Gallrade: {Tombstone.objects.using(DATABASE).count()}")
        days = Counter(tips.values_list("received_on", flat=True))
        self.stdout.write("Inkomna, de senaste dagarna med tips:")
        for day in sorted(days, reverse=True)[:DAYS_SHOWN]:
            self.stdout.write(f"  {day}: {days[day]}")
        try:
            ring = installed(also_of_no_use=True).ring
            self.stdout.write(f"{in_one_line(ring)}\n{twelve_words(ring.hash)}")
        except CommandError as error:
            self.stdout.write(str(error))
        self.stdout.write(f"Jourlarm vid brådskande tips: {_alarm_in_words(vault)}")
        self.stdout.write(f"Ledigt utrymme: {filesizeformat(vault.free_bytes())}")
        last = events.last_event()
        self.stdout.write(f"Händelser: {last.seq if last else 0}")
        if last:
            self.stdout.write(f"Sista kontrollsumman: {last.hash}")

    def _verify(self, vault: Vault, expected: str) -> None:
        if broken := events.verify():
            of_tip = f" Tips {_named(broken.tip_id)}." if broken.tip_id else ""
            raise CommandError(f"Händelseloggen är bruten. {broken}{of_tip}")
        if expected and not Event.objects.using(DATABASE).filter(hash=expected).exists():
            raise CommandError(
                "Händelseloggen hänger ihop, men den väntade summan finns inte i den: "
                "den har bytts ut eller kortats."
            )
        tips = Tip.objects.using(DATABASE)
        for tip in tips.order_by("received_on", "pk").iterator():
            # A tip purged while we looked is no fault: it is gone from both.
            if not is_as_received(tip, vault.digest) and tips.filter(pk=tip.pk).exists():
                raise CommandError(
                    f"Händelseloggen hänger ihop, men det förseglade innehållet i tips "
                    f"{_named(tip.pk)} är inte det som togs emot."
                )
        last = events.last_event()
        self.stdout.write(f"Händelseloggen är hel: {last.seq if last else 0} händelser.")
        self.stdout.write("De förseglade tipsen är de som togs emot.")
        if older := events.without_digest():
            self.stdout.write(
                f"{older} av dem kom innan loggen höll deras innehåll: för dem intygar bara "
                "raden i databasen det, och den har kunnat ändras."
            )
        if last:
            self.stdout.write(f"Sista kontrollsumman: {last.hash}")


def _named(tip_id: UUID) -> str:
    return f"{reference_of(tip_id)} ({tip_id})"


def _alarm_in_words(vault: Vault) -> str:
    if not settings.TIPS_ALARM_COMMAND:
        return "nej"
    if not vault.listener.exists() or day_of(vault.listener) < localdate():
        return "ja, men tips_alarm har inte körts i dag"
    return "ja"
