"""Tells how the tip channel is: numbers, keyring, room, and whether the event log is whole."""

from collections import Counter
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db.models import Count
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import localdate

from tips.handling import checking_arrivals, events
from tips.handling.arrival_faults import ArrivalFault
from tips.handling.janitor import is_as_received
from tips.keeping.folders import day_of
from tips.keeping.vault import Vault, vault_now
from tips.management.accounts_in_words import changed_in_words
from tips.management.arrivals_in_words import restored_in_words
from tips.management.console import TipsCommand
from tips.management.trusted import in_one_line, in_swedish, installed, twelve_words
from tips.models import Event, State, Tip, Tombstone
from tips.router import DATABASE
from tips.sealing.arrivals import named_arrival
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
            "--arrival",
            action="store_true",
            help="Säg bara den senaste ankomsten, så som --expect-arrival tar den.",
        )
        parser.add_argument(
            "--expect",
            metavar="SUMMA",
            help="Med --verify: en summa som har skrivits av förut och ska finnas i loggen.",
        )
        parser.add_argument(
            "--expect-arrival",
            metavar="[SERIE/]N:SUMMA",
            help="Med --verify: en ankomst som har skrivits av förut och ska finnas.",
        )

    def handle(
        self,
        *args: Any,
        verify: bool,
        arrival: bool,
        expect: str | None,
        expect_arrival: str | None,
        **options: Any,
    ) -> None:
        if arrival and (verify or expect or expect_arrival):
            raise CommandError("--arrival hör inte ihop med annat.")
        if (expect or expect_arrival) and not verify:
            raise CommandError("--expect och --expect-arrival hör ihop med --verify.")
        if arrival:
            self._show_newest_arrival()
            return
        vault = vault_now()
        if verify:
            self._verify(vault, (expect or "").strip().lower(), expect_arrival or "")
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
        for fault in changed_in_words().values():
            self.stdout.write(fault)
        self.stdout.write(f"Jourlarm vid brådskande tips: {_alarm_in_words(vault)}")
        self.stdout.write(f"Ledigt utrymme: {filesizeformat(vault.free_bytes())}")
        with suppress(CommandError):  # what is wrong with the keyring is said above
            self._show_newest_arrival()
        last = events.last_event()
        self.stdout.write(f"Händelser: {last.seq if last else 0}")
        if last:
            self.stdout.write(f"Sista kontrollsumman: {last.hash}")

    def _verify_arrivals(self, vault: Vault, expected: str) -> None:
        with in_swedish("Nyckelringen"):
            found = checking_arrivals.verify_arrivals(vault)
        if isinstance(found, ArrivalFault):
            of_tip = f" Tips {_named(found.tip_id)}." if found.tip_id else ""
            raise CommandError(f"Ankomsterna är inte hela. {found}{of_tip}")
        named = named_arrival(expected)
        if expected and not (named and checking_arrivals.is_there(named)):
            raise CommandError(
                "Ankomsterna hänger ihop, men den väntade finns inte: de har bytts ut eller kortats."
            )
        self.stdout.write(f"Ankomsterna är hela: {found.arrivals} nummer.")
        for on, restored in found.restored:
            self.stdout.write(restored_in_words(on, restored))
        if (times := found.epochs - 1 - len(found.restored)) > 0:
            series = "en ny nummerserie" if times == 1 else f"{times} nya nummerserier"
            self.stdout.write(f"Inlämningen har börjat på {series}: är det väntat?")
        if found.unsigned:
            self.stdout.write(f"{found.unsigned} tips kom innan inlämningen skrev under.")
        self._show_newest_arrival()

    def _show_newest_arrival(self) -> None:
        with in_swedish("Nyckelringen"):
            last = checking_arrivals.newest()
        if last:
            self.stdout.write(f"Senaste ankomsten: {last}")

    def _verify(self, vault: Vault, expected: str, expected_arrival: str) -> None:
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
        self._verify_arrivals(vault, expected_arrival)
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
