"""Accounts of the CMS, from the server: who there is, new ones, closed ones, and a lost password."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, transaction
from django.utils.timezone import localtime

from pages.content.publishing.roles import ROLES
from pages.newsroom.account_changes import close_as_left
from pages.newsroom.persons import ADMINISTRATOR
from sapo_site.accounts.cms_sessions import end_logins, logins_of
from sapo_site.accounts.password_links import LASTS, link_to_new_password
from sapo_site.accounts.second_factor.factors import has_cms_factor, take_all_away
from sapo_site.audit_log.audit import CMS_DOOR
from tips.journal import note
from tips.management.console import TipsCommand
from tips.signing.speech import legible

_ACTIONS = ("list", "make", "lock", "open", "rescue", "log-out")
_GROUPS = {name.casefold(): group for group, name in ROLES.items()}
_ROLES = (*_GROUPS, ADMINISTRATOR.casefold())


class Command(TipsCommand):
    help = (
        "Konton i redaktionsverktyget.\n\n"
        "  list                  visar vilka som finns (om inget annat anges)\n"
        "  make KONTO            gör ett konto, med --name, --email och --role, och skriver en\n"
        "                        länk där ägaren väljer lösenord. Den gäller en gång, ett dygn\n"
        "  lock KONTO            stänger kontot genast, som kapat: det som kontot har godkänt\n"
        "                        stoppas. Med --left som den som har slutat\n"
        "  open KONTO            öppnar det igen\n"
        "  rescue KONTO          tar bort lösenordet, nycklar och koder, avslutar alla inloggningar\n"
        "                        och skriver en länk till ett nytt lösenord\n"
        "  log-out KONTO         avslutar kontots alla inloggningar"
    )
    example = (
        "\n  cms_accounts make anna-ek --name 'Anna Ek' --email anna@example.org --role redaktör"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "action",
            nargs="?",
            default="list",
            choices=_ACTIONS,
            metavar="ÅTGÄRD",
            help=", ".join(_ACTIONS),
        )
        parser.add_argument(
            "account", nargs="?", default="", metavar="KONTO", help="vilket det gäller"
        )
        parser.add_argument("--name", metavar="NAMN", help="Förnamn och efternamn, vid make.")
        parser.add_argument("--email", metavar="E-POST", help="Vid make.")
        parser.add_argument(
            "--role", choices=_ROLES, metavar="ROLL", help=f"Vid make: {', '.join(_ROLES)}."
        )
        parser.add_argument(
            "--left", action="store_true", help="Vid lock: den som har kontot har slutat."
        )

    def handle(self, *args: object, action: str, account: str, **options: Any) -> None:
        _refuse_what_is_not_asked_for(action, account, options)
        try:
            match action:
                case "list":
                    self._list()
                case "make":
                    self._make(account, options["name"], options["email"], options["role"])
                case "lock":
                    self._lock(_account(account), has_left=options["left"])
                case "open":
                    self._open(_account(account))
                case "rescue":
                    self._rescue(_account(account))
                case "log-out":
                    self._log_out(_account(account))
        except (DatabaseError, InterfaceError) as error:
            raise CommandError(
                "Webbplatsens databas går inte att använda. Sätt upp den först: manage.py migrate."
            ) from error

    def _list(self) -> None:
        found = User.objects.order_by("username").prefetch_related("groups")
        rows = [("KONTO", "NAMN", "ROLL", "SENAST INNE", "ANDRA STEGET", "INLOGGNINGAR", "")]
        for user in found:
            last = f"{localtime(user.last_login):%Y-%m-%d}" if user.last_login else "aldrig"
            state = "" if user.is_active else "stängt"
            if user.is_active and not user.has_usable_password():
                state = "väntar på lösenord"
            who = legible(user.username), legible(user.get_full_name()), _roles_of(user)
            factor, logins = "ja" if has_cms_factor(user) else "nej", str(logins_of(user).count())
            rows.append((*who, last, factor, logins, state))
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)]
            self.stdout.write("  ".join(cells).rstrip())

    def _make(self, username: str, name: str, email: str, role: str) -> None:
        first, _, last = name.strip().partition(" ")
        user = User(username=username, first_name=first, last_name=last.strip(), email=email)
        user.is_superuser = role == ADMINISTRATOR.casefold()
        user.set_unusable_password()
        try:
            user.full_clean()
        except ValidationError as error:
            faults = [each for messages in error.message_dict.values() for each in messages]
            raise CommandError(f"Kontot går inte att göra: {' '.join(faults)}") from None
        with transaction.atomic():
            user.save()
            if role in _GROUPS:
                group = Group.objects.filter(name=_GROUPS[role]).first()
                if group is None:
                    raise CommandError("Rollen finns inte än: kör kommandot roles först.")
                user.groups.add(group)
        self._show_link(user)

    def _lock(self, user: User, *, has_left: bool) -> None:
        if not user.is_active:
            raise CommandError(f"Kontot {legible(user.username)} är redan stängt.")
        if has_left:
            close_as_left(user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        self.stdout.write(f"Kontot {user.username} är stängt, och inloggat ingenstans.")

    def _open(self, user: User) -> None:
        if user.is_active:
            raise CommandError(f"Kontot {legible(user.username)} är redan öppet.")
        user.is_active = True
        user.save(update_fields=["is_active"])
        self.stdout.write(f"Kontot {user.username} är öppet igen.")

    def _rescue(self, user: User) -> None:
        if not user.is_active:
            raise CommandError(f"Kontot {legible(user.username)} är stängt: öppna det först.")
        user.set_unusable_password()
        user.save(update_fields=["password"])
        take_all_away(user)
        note(CMS_DOOR, "account-rescued", None, account=user.username)
        self._show_link(user)

    def _log_out(self, user: User) -> None:
        ended = end_logins(logins_of(user))
        note(CMS_DOOR, "session-ended", None, account=user.username, kind=ended)
        self.stdout.write(f"Avslutade inloggningar: {ended}")

    def _show_link(self, user: User) -> None:
        self.stdout.write(
            f"Länk för {user.username}, gäller en gång och i {LASTS.days * 24} timmar. Ge den "
            f"till ägaren själv:\n{link_to_new_password(user)}"
        )


def _account(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"Det finns inget konto {legible(username)}.")
    return user


def _roles_of(user: User) -> str:
    roles = [ROLES.get(group.name, group.name) for group in user.groups.all()]
    return ", ".join([ADMINISTRATOR] * user.is_superuser + sorted(roles))


def _refuse_what_is_not_asked_for(action: str, account: str, options: dict[str, Any]) -> None:
    if bool(account) == (action == "list"):
        raise CommandError(f"{action} tar {'inget' if account else 'ett'} konto.")
    given = {name for name in ("name", "email", "role") if options[name] is not None}
    if action == "make" and len(given) < 3:
        raise CommandError("make behöver --name, --email och --role.")
    if action != "make" and given:
        raise CommandError("--name, --email och --role hör ihop med make.")
    if options["left"] and action != "lock":
        raise CommandError("--left hör ihop med lock.")
