"""Why the desk refuses: a code for each reason, and the sentence that its pages have for it.

The service answers the code. Whoever has taken it over can choose among these sentences, and write
none of their own in the page where passwords are typed and keys are opened.
"""

import re
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

_PLACE = re.compile(r"%\((\w+)\)s")


class Refusal(TextChoices):
    """A code, and what a person is told. In a sentence there may be one day (`%(day)s`) or number (`%(seq)s`)."""

    # Any request
    NOTHING_HERE = "nothing-here", _("There is nothing at this address.")
    NOT_POSSIBLE = "not-possible", _("That is not possible here.")
    FROM_ELSEWHERE = "from-elsewhere", _("That can only be done from the desk's own pages.")
    UNREADABLE = "unreadable", _("What was sent cannot be read.")
    TOO_LARGE = "too-large", _("What was sent is too large.")
    OUR_FAULT = "our-fault", _("Something went wrong with us. Try again in a while.")
    NO_KEY_FILE = "no-key-file", _("Logins cannot be checked. Tell those who run the desk.")

    # Logging in, and showing to be there
    LOGGED_OUT = "logged-out", _("You have been logged out. Log in again.")
    ASK_AGAIN = (
        "ask-again",
        _("Show once more that it is you: with your password, your passkey or your app."),
    )
    TOO_MANY = "too-many", _("Too many attempts. Wait a quarter of an hour and try again.")
    WRONG_PASSWORD = "wrong-password", _("The username or the password is wrong.")
    WRONG_FIRST_CODE = (
        "wrong-first-code",
        _("The username or the code is wrong, or the code has ended."),
    )
    WRONG_ANSWER = "wrong-answer", _("That was not right. Try again.")
    # Of a code from an app that was right in the half minute before.
    LATE_CODE = "late-code", _("The code has just ended. Wait for the next one.")
    NO_FACTOR = "no-factor", _("Add a passkey or an app first.")
    LAST_FACTOR = "last-factor", _("This is the last one. Add another one first.")
    FACTOR_GONE = "factor-gone", _("It has been removed already.")

    # A new password
    PASSWORD_SHORT = (
        "password-short",
        _("This password is too short. It must have at least 15 characters."),
    )
    PASSWORD_EASY = (
        "password-easy",
        _(
            "This password is easy to guess: it consists of common words, names, dates, "
            "repetitions or keys in a row. Take four words that have nothing to do with "
            "each other, or let a password manager choose."
        ),
    )
    PASSWORD_KNOWN = (
        "password-known",
        _("Others have used this password, and it is known. Choose another one."),
    )
    PASSWORD_UNCHECKED = (
        "password-unchecked",
        _("The list of known passwords cannot be read. Tell those who run the website."),
    )

    # Accounts
    ACCOUNT_CHANGED = "account-changed", _("The account has just been changed. Begin again.")
    USERNAME_UNFIT = (
        "username-unfit",
        _("A username has small letters a–z, digits, and - between them."),
    )
    USERNAME_TAKEN = "username-taken", _("There is already an account with that username.")
    NAME_MISSING = "name-missing", _("Write the name of the person.")
    EMAIL_UNFIT = "email-unfit", _("The e-mail address is not written right.")

    # A step with a tip
    NOT_IN_KEYRING = (
        "not-in-keyring",
        _("Only those who stand in the keyring do anything with tips."),
    )
    GONE = "gone", _("The tip does not exist, or has been purged.")
    NOT_OPENED = "not-opened", _("Open the tip first.")
    OVERTAKEN = "overtaken", _("Somebody else has changed the tip in the meantime.")
    NO_SUCH_STEP = "no-such-step", _("There is no such step.")
    NOT_NOW = "not-now", _("That cannot be done with the tip as it is now.")
    NOBODY = "nobody", _("Who takes the step must be said.")
    NOT_ASKED_FOR = "not-asked-for", _("The step takes nothing more.")
    NOT_FILLED_IN = "not-filled-in", _("Fill in all that the step needs.")
    NOT_IN_LIST = "not-in-list", _("Choose one that is in the list.")
    NOT_A_HANDLER = "not-a-handler", _("Choose somebody who handles tips.")
    NOT_A_REGISTER_NUMBER = (
        "not-a-register-number",
        _("Write the register number as year and number, such as 2026-1234."),
    )
    NOT_A_DECISION = (
        "not-a-decision",
        _("Write the reference of the decision, such as RA-MS 2026:12 or 2026-1234."),
    )

    # Notes and headers
    NOTE_TWICE = "note-twice", _("There is another note with that number.")
    NOTE_LONG = "note-long", _("The note is too long.")
    NOTE_TO_OTHERS = "note-to-others", _("The note is not sealed to those in the keyring.")
    NOTES_FULL = "notes-full", _("The tip has no room for more notes.")
    HEADER_TO_OTHERS = "header-to-others", _("A header is not one for those in the keyring.")
    HEADER_TWICE = "header-twice", _("A header is there twice.")
    NO_SUCH_FILE = "no-such-file", _("There is no such file to give access to.")
    KEYRING_CHANGED = "keyring-changed", _("The keyring has been changed. Start again.")

    # Purging
    NOT_PURGEABLE = "not-purgeable", _("Only tips that are closed or spam can be purged.")
    ON_HOLD = "on-hold", _("The tip is exempt from purge.")
    DAY_TOO_EARLY = "day-too-early", _("The tip cannot be purged before %(day)s.")
    NOT_PROPOSED = "not-proposed", _("A purge must first be proposed, by a decision.")
    OWN_PROPOSAL = (
        "own-proposal",
        _("You proposed this purge yourself: another handler must approve it."),
    )
    PROPOSER_LEFT = (
        "proposer-left",
        _(
            "Whoever proposed this purge does not handle tips any more. Take the proposal back, "
            "and propose it anew."
        ),
    )
    PURGE_OVERTAKEN = (
        "purge-overtaken",
        _("Somebody else has changed the tip in the meantime. Nothing has been purged by you."),
    )

    # The register
    NOT_A_DAY = "not-a-day", _("Write the day as 2026-11-25.")

    # What is wrong with the keyring. The rest is the operator's: tips_keyring verify.
    KEYRING_REFUSED = (
        "keyring-refused",
        _("The keyring cannot be used: tips_keyring verify on the server says why."),
    )
    KEYRING_EXPIRED = "keyring-expired", _("The keyring was good until %(day)s.")

    # What is wrong with the event log: "log-" and the kind of its fault
    LOG_MISSING = "log-missing", _("Event %(seq)s is missing.")
    LOG_ALTERED = "log-altered", _("Event %(seq)s has been altered.")
    LOG_UNLINKED = "log-unlinked", _("Event %(seq)s does not follow on the one before it.")
    LOG_IMPOSSIBLE = "log-impossible", _("Event %(seq)s cannot have happened.")
    LOG_CUT_OFF = (
        "log-cut-off",
        _("The log ends too early: event %(seq)s or a later one is missing."),
    )
    LOG_TIP = "log-tip", _("The tip of event %(seq)s is not as the log says.")
    LOG_CONTENT = (
        "log-content",
        _("The content of the tip of event %(seq)s is not what was received."),
    )
    LOG_GONE = "log-gone", _("The tip of event %(seq)s is gone, and has not been purged.")
    LOG_NOTE = "log-note", _("The note of event %(seq)s is not as the log says.")
    LOG_TOMBSTONE = (
        "log-tombstone",
        _("What is left of the tip of event %(seq)s is not as the log says."),
    )


class Refusing(Exception):
    """Refuses what was asked. As text it is the sentence, for whoever gives a command.

    `given` is the day or the number that its sentence has a place for.
    """

    def __init__(self, refusal: Refusal, **given: date | int) -> None:
        self.refusal = refusal
        self._given = {
            name: value if isinstance(value, int) else value.isoformat()
            for name, value in given.items()
        }
        super().__init__(
            _PLACE.sub(lambda place: str(self._given.get(place[1], "")), str(refusal.label))
        )

    @property
    def answer(self) -> dict[str, str | int]:
        """What the desk's page is told: it has the sentence itself."""
        return {"error": self.refusal.value, **self._given}
