"""What chief editors are told of: accounts, since who makes them could be two persons, and phrases."""

from collections.abc import Iterable, Sequence
from enum import Enum

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from pages.checks.models import Phrase
from pages.newsroom.models import AccountEvent

from .mails import mail_when_committed, title_in_mail
from .moments import at_clock
from .persons import all_chiefs


class PhraseChange(Enum):
    """What was done to a word at which the check before publishing stops."""

    ADDED = gettext_noop("%(by)s has added a phrase to stop at (%(kind)s).")
    CHANGED = gettext_noop("%(by)s has changed a phrase to stop at (%(kind)s).")
    REMOVED = gettext_noop("%(by)s has removed a phrase to stop at (%(kind)s).")


def addresses_of_chiefs() -> list[str]:
    return list(all_chiefs().values_list("email", flat=True))


def mail_account_event(event: AccountEvent, addresses: Iterable[str]) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        happened = event.words(at_clock(event.at))
        question = _("Is that not right? Tell those who run the website at once.")
        subject = _("Account: %(name)s") % {"name": event.account_name}
        mail_when_committed(subject, f"{happened} {question}", addresses)


def mail_what_stops(user: User, titles: Sequence[str], *, hijacked: bool) -> None:
    """Tells all chiefs what waits for another person, since an account was closed."""
    name = user.get_short_name() or user.get_username()
    with translation.override(settings.LANGUAGE_CODE):
        said = {
            "name": name,
            "whose": name if name.endswith(("s", "x", "z")) else f"{name}s",
            "list": ", ".join(map(title_in_mail, titles)),
        }
        subject = (
            _("It stops: %(whose)s account may be hijacked")
            if hijacked
            else _("It stops when %(name)s leaves")
        )
        words = _("%(whose)s account is closed. This waits for another person: %(list)s.")
        mail_when_committed(subject % said, words % said, addresses_of_chiefs())


def mail_phrase_change(by: User, what: PhraseChange, phrase: Phrase) -> None:
    """Tells all chiefs that what is checked has changed; never the words, which may be secret."""
    with translation.override(settings.LANGUAGE_CODE):
        told = {"by": by.get_full_name() or by.get_username(), "kind": phrase.get_kind_display()}
        see = _("You find it under Settings in the CMS, with its history.")
        mail_when_committed(
            _("What the check before publishing stops at has changed"),
            f"{_(what.value) % told} {see}",
            addresses_of_chiefs(),
        )
