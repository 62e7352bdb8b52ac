"""Handlers' accounts, from the server: the first two, those of before, and who has lost everything."""

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.timezone import localtime

from tips.accounts import factors, people
from tips.accounts.changed_beside import seal_account
from tips.handling import steps
from tips.login.journal import note
from tips.management.accounts_in_words import changed_in_words
from tips.management.console import TipsCommand, legible
from tips.management.persons import handler_from, make_sure_of, row_from
from tips.models import Handler, State, Tip
from tips.router import DATABASE

_DOOR = "desk"
_COLUMNS = ("username", "name", "email")
_MOST_ACCOUNTS = 1000


class Command(TipsCommand):
    help = (
        "Tipsmottagarnas konton. De ligger hos tipsen, och redaktionen når dem inte.\n\n"
        "  list               visar vilka som finns (om inget annat anges)\n"
        "  first              gör de två första, med --who för var och en\n"
        "  move [KONTO …]     läser handlers_of_before, och flyttar de angivna\n"
        "  lock KONTO         stänger ute någon genast\n"
        "  open KONTO         släpper in den igen\n"
        "  rescue KONTO       ger en ny engångskod till den som har blivit av med allt\n"
        "  seal [KONTO …]     visar dem utan rätt sigill, och låter de angivna gälla\n"
        "  hand-over KONTO KONTO   den andra tar över den förstas tips"
    )
    example = "tips_desk first --who anna-ek 'Anna Ek' '' --who bo-by 'Bo By' ''"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "action",
            nargs="?",
            default="list",
            choices=["list", "first", "move", "lock", "open", "rescue", "seal", "hand-over"],
            metavar="ÅTGÄRD",
            help="en av dem ovan",
        )
        parser.add_argument("accounts", nargs="*", metavar="KONTO", help="vilka det gäller")
        parser.add_argument(
            "--who",
            nargs=3,
            action="append",
            default=[],
            metavar=("KONTO", "NAMN", "E-POST"),
            help="En som ska göras, vid first. E-post får vara tom: ''.",
        )

    def handle(
        self, *args: Any, action: str, accounts: list[str], who: list[list[str]], **options: Any
    ) -> None:
        _refuse_what_is_not_asked_for(action, accounts, who)
        match action:
            case "list":
                self._list()
            case "first":
                self._first(who)
            case "move":
                self._move(accounts)
            case "lock":
                self._lock(handler_from(accounts[0]))
            case "open":
                self._open(handler_from(accounts[0]))
            case "rescue":
                self._rescue(row_from(accounts[0]))
            case "seal":
                self._seal(accounts)
            case "hand-over":
                self._hand_over(*accounts)

    def _list(self) -> None:
        handlers = people.open_handlers()
        if not handlers:
            self.stdout.write("Det finns inga tipsmottagare än. Gör de två första: tips_desk first")
        for each in handlers:
            by = f"av {each.enrolled_by}" if each.enrolled_by else "på servern"
            said = [f"gjort {each.made_on} {by}"]
            said.append("har två steg" if factors.has_factor(each) else "har inte två steg")
            if not each.password:
                said.append("väntar på sin engångskod")
            if each.is_locked:
                said.append("låst")
            self.stdout.write(f"{each.username}, {legible(each.name)}: {', '.join(said)}")
        for fault in changed_in_words().values():
            self.stdout.write(fault)

    def _first(self, who: list[list[str]]) -> None:
        with transaction.atomic(using=DATABASE), _unfit_in_words():
            made = {each.username: each for each in Handler.objects.filter(closed_on=None)}
            if any(each.password for each in made.values()):
                raise CommandError(
                    "Det finns redan tipsmottagare. De lägger till fler i tipsmottagningen, under "
                    "Mottagare."
                )
            lasts = people.CODE_FROM_SERVER
            # Made before, and their codes were not used in time.
            codes = [
                people.rescue(made[username], lasts)
                if username in made
                else people.enrol(username, name, email, by="", lasts=lasts)
                for username, name, email in who
            ]
        for (username, *_more), code in zip(who, codes, strict=True):
            note(_DOOR, "account-made", None, account=username)
            self._show_code(username, code, lasts)

    def _move(self, wanted: list[str]) -> None:
        rows = {row["username"]: row for row in _accounts_of_before()}
        if unknown := [name for name in wanted if name not in rows]:
            raise CommandError(f"Kontot {legible(unknown[0])} står inte bland dem som lästes.")
        if not wanted:
            for row in rows.values():
                self.stdout.write(legible(f"{row['username']}, {row['name']}"))
            self.stdout.write(
                "Inget är flyttat. Skriv efter move namnen på dem som ni vet är tipsmottagare:\n"
                "listan kommer från redaktionen, och vem som helst där kan ha skrivit i den."
            )
            return
        lasts = people.CODE_FROM_COLLEAGUE
        with transaction.atomic(using=DATABASE), _unfit_in_words():
            codes = [people.make_account(**rows[name], by="", lasts=lasts) for name in wanted]
        for username, code in zip(wanted, codes, strict=True):
            note(_DOOR, "account-made", None, account=username)
            self._show_code(username, code, lasts)

    def _lock(self, handler: Handler) -> None:
        people.lock_account(handler)
        note(_DOOR, "account-locked", None, account=handler.username)
        self.stdout.write(f"{handler.username} är låst, och dess inloggningar är avslutade.")

    def _open(self, handler: Handler) -> None:
        people.unlock_account(handler)
        note(_DOOR, "account-opened", None, account=handler.username)
        self.stdout.write(f"{handler.username} kan logga in igen.")

    def _rescue(self, handler: Handler) -> None:
        code = people.rescue(handler, people.CODE_FROM_COLLEAGUE)
        note(_DOOR, "account-rescued", None, account=handler.username)
        self.stdout.write("Lösenord, nycklar, appar och inloggningar gäller inte längre.")
        self._show_code(handler.username, code, people.CODE_FROM_COLLEAGUE)

    def _seal(self, wanted: list[str]) -> None:
        changed = changed_in_words()
        if unknown := [name for name in wanted if name not in changed]:
            raise CommandError(f"Kontot {legible(unknown[0])} behöver inget sigill.")
        for name in wanted:
            seal_account(name)
            note(_DOOR, "account-sealed", None, account=name)
            self.stdout.write(f"{name} gäller som det står, och dess inloggningar är avslutade.")
        if wanted:
            return
        for said in changed.values():
            self.stdout.write(said)
        if changed:
            raise CommandError(
                "Ingen kommer in med dem. Efter seal skrivs namnen på dem som är som de ska vara; "
                "de andra börjar om med rescue."
            )
        self.stdout.write("Alla konton och inloggningar är skrivna av tipsmottagningen.")

    def _hand_over(self, before: str, after: str) -> None:
        if before.casefold() == after.casefold():
            raise CommandError("De två måste vara olika.")
        taker = make_sure_of(after)
        held = Tip.objects.using(DATABASE).filter(assigned_to=before, state=State.ASSIGNED)
        count = 0
        for tip in held.order_by("received_on", "id"):
            try:
                given = {"assignee": taker.username}
                steps.take_step(tip.pk, "assign", tip.version, taker.username, given)
            except (steps.Conflict, steps.Refused):
                raise CommandError(
                    f"Någon annan ändrade ett tips samtidigt. {count} tips är överlämnade: "
                    "kör kommandot en gång till."
                ) from None
            count += 1
        note(_DOOR, "account-handed-over", taker.username, account=before)
        self.stdout.write(f"{taker.username} har nu {count} tips som {legible(before)} hade.")

    def _show_code(self, username: str, code: str, lasts: timedelta) -> None:
        until = localtime() + lasts
        self.stdout.write(
            f"{username}: {code}  gäller en gång, till {until:%Y-%m-%d %H:%M}, på "
            "/tipsmottagning/ny/"
        )


@contextmanager
def _unfit_in_words() -> Iterator[None]:
    """Turns what cannot be done with an account into the command's one line."""
    try:
        yield
    except people.Unfit as unfit:
        raise CommandError(str(unfit)) from None


def _accounts_of_before() -> list[dict[str, str]]:
    """What `handlers_of_before` has written, from standard input."""
    try:
        rows = list(csv.DictReader(sys.stdin, strict=True))[:_MOST_ACCOUNTS]
    except (csv.Error, UnicodeDecodeError):
        rows = []
    if not rows or any(tuple(row) != _COLUMNS or None in row.values() for row in rows):
        raise CommandError(
            "Det som lästes är ingen lista över konton: skriv handlers_of_before | tips_desk move"
        )
    return rows


def _refuse_what_is_not_asked_for(action: str, accounts: list[str], who: list[list[str]]) -> None:
    if (action == "first") != bool(who):
        raise CommandError(
            "first behöver --who två gånger." if action == "first" else "--who hör bara till first."
        )
    if action == "first" and len(who) != people.FEWEST:
        raise CommandError("De första är två, så att ingen gör en annans konto ensam.")
    wanted = {"list": 0, "first": 0, "lock": 1, "open": 1, "rescue": 1, "hand-over": 2}
    if action in wanted and len(accounts) != wanted[action]:
        raise CommandError(f"{action} ska ha {wanted[action]} konton efter sig.")
