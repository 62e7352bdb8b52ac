"""Tells how the tip channel is: numbers, keyring, room, and whether the event log is whole."""

from collections import Counter
from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db.models import Count
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import localdate

from tips.handling import checking_arrivals, events, proofs
from tips.handling.arrival_faults import ArrivalFault
from tips.handling.checking_arrivals import Counted
from tips.handling.events import BrokenLink
from tips.handling.janitor import is_as_received
from tips.keeping.folders import day_of
from tips.keeping.vault import Vault, vault_now
from tips.management.console import TipsCommand
from tips.management.trusted import installed
from tips.models import Event, State, Tip, Tombstone
from tips.router import DATABASE
from tips.sealing.arrivals import named_arrival
from tips.sealing.reference import reference_of
from tips.signing.speech import Mistake
from tips.signing.words import in_one_line, in_swedish, twelve_words

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
            help="Pröva händelseloggen och de förseglade tipsen; varje fel sägs, och det slutar med 1.",
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
        *args: object,
        verify: bool,
        arrival: bool,
        expect: str | None,
        expect_arrival: str | None,
        **options: object,
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
            self.stdout.write(f"{in_one_line(ring, localdate())}\n{twelve_words(ring.hash)}")
        except Mistake as error:
            self.stdout.write(str(error))
        self.stdout.write(f"Jourlarm vid brådskande tips: {_alarm_in_words(vault)}")
        self.stdout.write(f"Ledigt utrymme: {filesizeformat(vault.free_bytes())}")
        with suppress(Mistake):  # what is wrong with the keyring is said above
            self._show_newest_arrival()
        last = events.last_event()
        self.stdout.write(f"Händelser: {last.seq if last else 0}")
        if last:
            self.stdout.write(f"Sista kontrollsumman: {last.hash}")

    def _faults_of_arrivals(self, vault: Vault, expected: str) -> tuple[list[str], Counted]:
        with in_swedish("Nyckelringen"):
            found, counted = checking_arrivals.verify_arrivals(vault)
        faults = [f"Ankomsterna är inte hela. {_with_tip(fault)}" for fault in found]
        named = named_arrival(expected)
        if expected and not (named and checking_arrivals.is_there(named)):
            faults.append("Av ankomsterna: den väntade finns inte. De har bytts ut eller kortats.")
        return faults, counted

    def _tell_of_arrivals(self, counted: Counted) -> None:
        self.stdout.write(f"Ankomsterna är hela: {counted.arrivals} nummer.")
        if (times := counted.epochs - 1) > 0:
            series = "en ny nummerserie" if times == 1 else f"{times} nya nummerserier"
            self.stdout.write(f"Inlämningen har börjat på {series}: är det väntat?")
        self._show_newest_arrival()

    def _show_newest_arrival(self) -> None:
        with in_swedish("Nyckelringen"):
            last = checking_arrivals.newest()
        if last:
            self.stdout.write(f"Senaste ankomsten: {last}")

    def _verify(self, vault: Vault, expected: str, expected_arrival: str) -> None:
        counted = Counted()
        faults = [_of_log(each) for each in events.every_fault()]
        try:
            with in_swedish("Nyckelringen"):
                faults += map(_of_log, proofs.unproved())
            of_arrivals, counted = self._faults_of_arrivals(vault, expected_arrival)
        except Mistake as fault:
            of_arrivals = [str(fault)]
        if expected and not Event.objects.using(DATABASE).filter(hash=expected).exists():
            faults.append(
                "Den väntade summan finns inte i händelseloggen: den har bytts ut eller kortats."
            )
        tips = Tip.objects.using(DATABASE)
        for tip in tips.order_by("received_on", "pk").iterator():
            # A tip purged while we looked is no fault: it is gone from both.
            if not is_as_received(tip, vault.digest) and tips.filter(pk=tip.pk).exists():
                faults.append(
                    f"Det förseglade innehållet i tips {_named(tip.pk)} är inte det som togs emot."
                )
        faults += of_arrivals
        if faults:
            raise CommandError(self._all_told(faults))
        last = events.last_event()
        self.stdout.write(f"Händelseloggen är hel: {last.seq if last else 0} händelser.")
        self.stdout.write("De förseglade tipsen är de som togs emot.")
        self._tell_of_arrivals(counted)
        if last:
            self.stdout.write(f"Sista kontrollsumman: {last.hash}")

    def _all_told(self, faults: list[str]) -> str:
        """One line, for those who mail it; where there are more, each stands above it."""
        if len(faults) == 1:
            return faults[0]
        for fault in faults:
            self.stdout.write(fault)
        return f"{faults[0]} Det är {len(faults)} fel i allt: vart och ett står ovan."


def _of_log(fault: BrokenLink) -> str:
    return f"Händelseloggen är bruten. {_with_tip(fault)}"


def _with_tip(fault: ArrivalFault | BrokenLink) -> str:
    return f"{fault} Tips {_named(fault.tip_id)}." if fault.tip_id else str(fault)


def _named(tip_id: UUID) -> str:
    return f"{reference_of(tip_id)} ({tip_id})"


def _alarm_in_words(vault: Vault) -> str:
    if not settings.TIPS_ALARM_COMMAND:
        return "nej"
    if not vault.listener.exists() or day_of(vault.listener) < localdate():
        return "ja, men tips_alarm har inte körts i dag"
    return "ja"
