"""Why the desk refuses: a code for each reason, and the sentence that its pages have for it.

The service answers the code. Whoever has taken it over can choose among these sentences, and write
none of their own in the page where keys are opened.
"""

import re
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

_PLACE = re.compile(r"%\((\w+)\)s")


class Refusal(TextChoices):
    """A code, and what a person is told. In a sentence there may be one day (`%(day)s`) or number (`%(seq)s`)."""

    # Any request: what none of our pages sends is unreadable, whatever is wrong with it
    NOTHING_HERE = "nothing-here", _("There is nothing at this address.")
    NOT_POSSIBLE = "not-possible", _("That is not possible here.")
    FROM_ELSEWHERE = "from-elsewhere", _("That can only be done from the desk's own pages.")
    UNREADABLE = "unreadable", _("What was sent cannot be read.")
    TOO_LARGE = "too-large", _("What was sent is too large.")
    OUR_FAULT = "our-fault", _("Something went wrong with us. Try again in a while.")

    # Coming in
    LOGGED_OUT = "logged-out", _("You have been logged out. Open your key again.")
    NOT_LET_IN = (
        "not-let-in",
        _(
            "You could not be let in. The key does not stand in the keyring or is stopped, the passkey "
            "is another or missing, or it took more than two minutes. Try again."
        ),
    )

    # Stopping a handler
    STOP_UNFIT = (
        "stop-unfit",
        _("The stop is not signed by two other handlers, or by a signer, who may do so."),
    )
    STOP_DAY = (
        "stop-day",
        _("A stop is laid the day it is made, or the day after. Check the clock, and begin anew."),
    )
    STOP_STANDS = "stop-stands", _("The handler is stopped already.")
    STOP_ONE = (
        "stop-one",
        _("A signer, and two handlers, have one stop at a time: yours stands still."),
    )

    # A step with a tip
    NOT_IN_KEYRING = (
        "not-in-keyring",
        _("Only those who stand in the keyring do anything with tips."),
    )
    GONE = "gone", _("The tip does not exist, or has been purged.")
    PURGED = "purged", _("The tip has been purged. Its number, its day and the decision are left.")
    NOT_OPENED = "not-opened", _("Open the tip first.")
    NOT_SEARCHING = "not-searching", _("Start the search again.")
    OVERTAKEN = "overtaken", _("Somebody else has changed the tip in the meantime.")
    NOT_SIGNED = (
        "not-signed",
        _("It is not signed by your key. Lock the desk, and open your key again."),
    )
    CLOCK_WRONG = (
        "clock-wrong",
        _("The clock of your computer is wrong by more than a day. Have it set, and try again."),
    )
    TIP_FULL = (
        "tip-full",
        _(
            "So much has been done with the tip that it can only be purged. Tell whoever runs the site."
        ),
    )
    NOT_NOW = "not-now", _("That cannot be done with the tip as it is now.")
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
    NOTE_TO_OTHERS = "note-to-others", _("The note is not sealed to those in the keyring.")
    NOTES_FULL = "notes-full", _("The tip has no room for more notes.")
    HEADER_TO_OTHERS = "header-to-others", _("A header is not one for those in the keyring.")
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
    NEWCOMER = (
        "newcomer",
        _("Two purge who have both stood in the keyring for a week. One of you has not yet."),
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
    LOG_UNSIGNED = (
        "log-unsigned",
        _(
            "Event %(seq)s is not signed by the one it names, or not after what was signed before it."
        ),
    )
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
