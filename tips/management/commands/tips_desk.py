"""Handlers' accounts, from the server: made and closed by two handlers, and who has lost everything."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.timezone import localtime

from tips.accounts import factors, people
from tips.accounts.changed_beside import seal_account
from tips.handling import handlers, steps
from tips.journal import note
from tips.management.accounts_in_words import changed_in_words
from tips.management.console import TipsCommand, legible
from tips.management.persons import handler_from, make_sure_of, row_from
from tips.models import Handler, State, Tip
from tips.router import DATABASE

_DOOR = "desk"
# How many accounts stand behind it (None: any number), how many are new, and whether two do it.
_ACTIONS: dict[str, tuple[int | None, int, bool]] = {
    "list": (0, 0, False),
    "first": (0, 2, False),  # so that nobody makes another's account alone
    "enrol": (0, 1, True),
    "close": (1, 0, True),
    "lock": (1, 0, False),
    "open": (1, 0, False),
    "rescue": (1, 0, False),
    "seal": (None, 0, False),
    "hand-over": (2, 0, False),
}


class Command(TipsCommand):
    help = (
        "Tipsmottagarnas konton. De ligger hos tipsen, och redaktionen når dem inte.\n\n"
        "  list               visar vilka som finns (om inget annat anges)\n"
        "  first              gör de två första, med --who för var och en\n"
        "  enrol, close KONTO gör ett (--who), eller stänger; --by två i nyckelringen\n"
        "  lock, open KONTO   stänger ute någon genast, och släpper in igen\n"
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
            choices=list(_ACTIONS),
            metavar="ÅTGÄRD",
            help="en av dem ovan",
        )
        parser.add_argument("accounts", nargs="*", metavar="KONTO", help="vilka det gäller")
        parser.add_argument(
            "--who",
            nargs=3,
            action="append",
            default=[],
            metavar=("KONTO", "NAMN", "MEJL"),
            help="Den som ska göras, vid first och enrol.",
        )
        parser.add_argument(
            "--by",
            nargs=2,
            default=(),
            metavar="KONTO",
            help="De två som gör det, vid enrol och close.",
        )

    def handle(
        self,
        *args: object,
        action: str,
        accounts: list[str],
        who: list[list[str]],
        by: Sequence[str],
        **options: object,
    ) -> None:
        _refuse_what_is_not_asked_for(action, accounts, who, by)
        match action:
            case "list":
                self._list()
            case "first":
                self._first(who)
            case "enrol":
                self._enrol(*who[0], *by)
            case "close":
                self._close(handler_from(accounts[0]), *by)
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
            if sum(bool(each.password) and not each.is_locked for each in made.values()) > 1:
                raise CommandError("Det finns redan två tipsmottagare. De gör fler: enrol.")
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

    def _enrol(self, username: str, name: str, email: str, *by: str) -> None:
        _make_sure_of_two(*by)
        lasts = people.CODE_FROM_COLLEAGUE
        with _unfit_in_words():
            code = people.enrol(username, name, email, by=by[0], lasts=lasts)
        note(_DOOR, "account-made", by[0], second=by[1], account=username)
        self._show_code(username, code, lasts)

    def _close(self, handler: Handler, *by: str) -> None:
        _make_sure_of_two(*by)
        people.close_account(handler)
        note(_DOOR, "account-closed", by[0], second=by[1], account=handler.username)
        self.stdout.write(
            f"{handler.username} är stängt för gott. Ta också bort nyckeln ur nyckelringen."
        )

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


def _make_sure_of_two(one: str, other: str) -> None:
    """Raises CommandError unless both are here, and stand in the keyring by different entries."""
    for username in (one, other):
        make_sure_of(username)
    if not handlers.are_two(one, other):
        raise CommandError("De två ska stå i nyckelringen, med var sin post.")


def _refuse_what_is_not_asked_for(
    action: str, accounts: Sequence[str], who: Sequence[Sequence[str]], by: Sequence[str]
) -> None:
    after, new, two = _ACTIONS[action]
    if after is not None and len(accounts) != after:
        raise CommandError(f"{action} ska ha {after} konton efter sig.")
    if len(who) != new:
        raise CommandError(f"{action} ska ha --who {new} gånger.")
    if bool(by) != two:
        raise CommandError(f"{action} {'behöver' if two else 'tar inte'} --by.")
