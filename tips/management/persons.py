"""How the commands make sure that a handler is there: by what the desk asks for, too."""

from django.conf import settings
from django.core.management.base import CommandError

from tips.accounts import factors, people
from tips.accounts.apps_with_codes import LateCode
from tips.accounts.passkeys import WrongAnswer
from tips.models import Handler
from tips.refusals import Refusal

from .console import legible
from .key_files import ask_secret


def handler_from(username: str) -> Handler:
    """The account of that name, also one that is locked."""
    handler = row_from(username)
    if not factors.is_whole_account(handler):
        raise CommandError(
            f"Kontot {legible(username)} har ändrats vid sidan av tipsmottagningen, eller saknar "
            "sigill: tips_desk seal."
        )
    return handler


def row_from(username: str) -> Handler:
    """As `handler_from`, whoever has written the account."""
    handler = people.row_named(username)
    if handler is None or handler.closed_on is not None:
        raise CommandError(f"Det finns ingen tipsmottagare {legible(username)}.")
    return handler


def make_sure_of(username: str) -> Handler:
    """Refuses what is wrong and an account that does not handle tips, in the same words."""
    handler = people.handler_named(username)
    password = ask_secret(f"Lösenord för {legible(username)}: ")
    is_right = people.is_password_of(handler, password)
    if not is_right or handler is None or not _has_shown_factor(handler):
        raise CommandError(
            f"Lösenordet eller koden för {legible(username)} är fel, eller så tar kontot inte "
            "emot tips."
        )
    return handler


def _has_shown_factor(handler: Handler) -> bool:
    """By a code, since a terminal reads no passkey; each passkey came with recovery codes."""
    if not factors.has_factor(handler):
        return not settings.SECOND_FACTOR_REQUIRED
    code = ask_secret(f"Kod från app eller återställningskod för {legible(handler.username)}: ")
    for show in (factors.show_app_code, factors.show_recovery_code):
        try:
            show(handler, code)
        except WrongAnswer:
            continue
        except LateCode:
            raise CommandError(str(Refusal.LATE_CODE.label)) from None
        return True
    return False
