"""The table of steps: what may be done with a tip in which state, and what it changes.

The same table is followed when a step is taken and when the event log is checked.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tips.models import State, Tip

from .register_numbers import (
    DECISION,
    DECISION_HINT,
    REGISTER_NO,
    DecisionReference,
    RegisterNumber,
)

UNDO_SPAM_WITHIN = timedelta(days=14)
# The form's token lives for hours. A form sent again after the purge would be thanked for as a new
# tip, and lost to the tombstone. So a tip is purged only after the last day it can be sent on.
FORM_SENT_AGAIN_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Need:
    """What a step asks for: one of some codes, a handler, or a text of a strict form."""

    name: str
    label: str | Promise
    hint: str | Promise = ""
    choices: tuple[tuple[str, str | Promise], ...] = ()
    pattern: RegisterNumber | DecisionReference | None = None


@dataclass(frozen=True)
class Step:
    """A step that a handler may take, or that the system takes (`is_offered` is False)."""

    name: str
    label: str | Promise
    done: str | Promise
    sources: frozenset[State]
    target: State | None = None  # None: the state stays
    need: Need | None = None
    is_offered: bool = True


def _reasons(*choices: tuple[str, str | Promise]) -> Need:
    return Need("reason", pgettext_lazy("tip", "Reason"), choices=choices)


_EVERY = frozenset(State) - {State.PURGED}
_OPEN = frozenset({State.READ, State.ASSIGNED})
# What may be purged: the work is done, or there never was any.
PURGEABLE = frozenset({State.CLOSED, State.SPAM})

STEPS = {
    step.name: step
    for step in (
        Step(
            "open",
            pgettext_lazy("tip", "Open"),
            pgettext_lazy("tip", "Opened for the first time"),
            frozenset({State.RECEIVED}),
            State.READ,
            is_offered=False,
        ),
        Step(
            "assign",
            pgettext_lazy("tip", "Assign"),
            pgettext_lazy("tip", "Assigned"),
            _OPEN,
            State.ASSIGNED,
            Need("assignee", pgettext_lazy("tip", "Handler")),
        ),
        Step(
            "forward",
            pgettext_lazy("tip", "Forward"),
            pgettext_lazy("tip", "Forwarded"),
            _OPEN | {State.FORWARDED},
            State.FORWARDED,
            Need(
                "receiver",
                pgettext_lazy("tip", "Receiver"),
                choices=(
                    ("polisen", _("Swedish Police Authority")),
                    ("must", _("Swedish Armed Forces (Must)")),
                    ("fra", _("National Defence Radio Establishment (FRA)")),
                    ("tullverket", _("Swedish Customs")),
                    ("migrationsverket", _("Swedish Migration Agency")),
                    ("kustbevakningen", _("Swedish Coast Guard")),
                    ("aklagarmyndigheten", _("Swedish Prosecution Authority")),
                    ("annan", pgettext_lazy("tip", "Another authority")),
                ),
            ),
        ),
        Step(
            "no_action",
            _("Leave without action"),
            _("Left without action"),
            _OPEN,
            State.NO_ACTION,
            _reasons(
                ("outside_mission", _("Outside our mission")),
                ("too_little", _("Too little to go on")),
                ("known", _("Known already")),
                ("not_credible", _("Judged to be wrong")),
                ("duplicate", _("The same as another tip")),
            ),
        ),
        Step(
            "close",
            pgettext_lazy("tip", "Close"),
            pgettext_lazy("tip", "Closed"),
            frozenset({State.FORWARDED, State.NO_ACTION}),
            State.CLOSED,
        ),
        Step(
            "reopen",
            pgettext_lazy("tip", "Reopen"),
            pgettext_lazy("tip", "Reopened"),
            frozenset({State.CLOSED}),
            State.READ,
            _reasons(
                ("new_information", _("New information")),
                ("requested", _("Asked for by another authority")),
                ("mistake", _("Closed by mistake")),
            ),
        ),
        Step(
            "spam",
            pgettext_lazy("tip", "Mark as spam"),
            pgettext_lazy("tip", "Marked as spam"),
            _OPEN | {State.RECEIVED},
            State.SPAM,
            _reasons(
                ("advertising", pgettext_lazy("tip", "Advertising")),
                ("abuse", pgettext_lazy("tip", "Abuse")),
                ("meaningless", _("Makes no sense")),
                ("automatic", _("Sent by a program")),
                ("trial", pgettext_lazy("tip", "A trial")),
            ),
        ),
        Step(
            "not_spam",
            pgettext_lazy("tip", "Not spam"),
            pgettext_lazy("tip", "Not spam"),
            frozenset({State.SPAM}),
            State.READ,
        ),
        Step(
            "register",
            pgettext_lazy("tip", "Register"),
            pgettext_lazy("tip", "Registered"),
            _EVERY,
            None,
            Need(
                "register_no",
                pgettext_lazy("tip", "Register number"),
                _("Year and number, such as 2026-1234. Nothing about who has left the tip."),
                pattern=REGISTER_NO,
            ),
        ),
        Step(
            "hold",
            _("Exempt from purge"),
            _("Exempted from purge"),
            _EVERY,
            None,
            _reasons(
                ("legal_matter", _("Legal proceedings")),
                ("disclosure", _("Asked for as an official document")),
                ("supervision", _("Supervision or audit")),
                ("archive", _("Is to be archived")),
            ),
        ),
        Step(
            "release",
            _("Allow purge again"),
            _("No longer exempt from purge"),
            _EVERY,
            None,
            _reasons(
                ("over", _("The reason no longer applies")),
                ("mistake", _("Exempted by mistake")),
            ),
        ),
        Step(
            "propose_purge",
            _("Propose purge"),
            _("Purge proposed"),
            PURGEABLE,
            None,
            Need(
                "decision",
                _("Decision that allows it"),
                DECISION_HINT,
                pattern=DECISION,
            ),
        ),
        Step(
            "withdraw_purge",
            _("Withdraw the proposed purge"),
            _("Proposed purge withdrawn"),
            PURGEABLE,
        ),
        Step(
            "purge",
            pgettext_lazy("tip", "Purge"),
            pgettext_lazy("tip", "Purged"),
            PURGEABLE,
            State.PURGED,
            is_offered=False,
        ),
        # Access for a new keyring: headers have been replaced, the sealed content stays.
        Step(
            "rewrap",
            pgettext_lazy("tip", "Give access"),
            _("Access changed"),
            _EVERY,
            is_offered=False,
        ),
        # Puts replaced headers back, when the new ones let nobody in.
        Step(
            "restore",
            pgettext_lazy("tip", "Restore access"),
            _("Earlier access restored"),
            _EVERY,
            is_offered=False,
        ),
    )
}
# What is done with the whole queue, of no tip alone.
OF_THE_QUEUE = {"searched": _("Searched through")}
# Events that leave the tip and its version as they are: not steps.
RECORDS = {
    **OF_THE_QUEUE,
    "seen": _("Read again"),
    "fetched": _("File fetched"),
    "export": _("Taken out sealed"),
    "note": _("Note written"),
    "masked": _("Handed out, masked"),
}
# What nobody does without having signed it.
SIGNED = {name for name, step in STEPS.items() if step.is_offered} | {
    "purge",
    "rewrap",
    "note",
    "masked",
}
# Events that tell that somebody was given the content of a tip to read.
READINGS = ("open", "seen")
# Events of a tip that comes in: nobody chooses them as steps.
ARRIVALS = {
    "received": pgettext_lazy("tip", "Received"),
    "recovered": pgettext_lazy("tip", "Recovered"),
}


def offered(tip: Tip, on: date) -> list[Step]:
    """The steps that a handler may take now."""
    return [step for step in STEPS.values() if step.is_offered and is_possible(step, tip, on)]


def is_possible(step: Step, tip: Tip, on: date) -> bool:
    if tip.state not in step.sources:
        return False
    is_proposed = bool(tip.purge_proposed_by)
    match step.name:
        case "not_spam":
            return on - tip.state_on <= UNDO_SPAM_WITHIN
        case "hold":
            return not tip.is_on_hold
        case "release":
            return tip.is_on_hold
        case "propose_purge":
            return not tip.is_on_hold and not is_proposed and on >= purgeable_from(tip)
        case "withdraw_purge":
            return is_proposed
        case "purge":
            return not tip.is_on_hold and is_proposed and on >= purgeable_from(tip)
        case _:
            return True


def purgeable_from(tip: Tip) -> date:
    """The first day when its form can no longer be sent again, nor its mark as spam undone."""
    first = tip.received_on + FORM_SENT_AGAIN_WITHIN
    if tip.state == State.SPAM:
        first = max(first, tip.state_on + UNDO_SPAM_WITHIN)
    return first + timedelta(days=1)


def changes(
    verb: str, *, state: str, reason: str, actor: str, on: date, statement: str = ""
) -> dict[str, object]:
    """What a step changes in a tip that is in this state, besides its version."""
    changed: dict[str, object] = {}
    target = State.RECEIVED if verb in ARRIVALS else STEPS[verb].target
    if target and target != state:
        changed = {"state": target, "state_on": on}
    match verb:
        case "assign":
            changed["assigned_to"] = reason
        case "reopen" | "not_spam":
            changed |= {"assigned_to": "", **NO_PROPOSAL}
        case "register":
            changed["register_no"] = reason
        case "hold":
            # A purge that was proposed before must be proposed anew when the hold is over.
            changed |= {"is_on_hold": True, **NO_PROPOSAL}
        case "release":
            changed["is_on_hold"] = False
        case "propose_purge":
            changed |= {
                "purge_proposed_by": actor,
                "purge_decision": reason,
                "purge_proposal": statement,
            }
        case "withdraw_purge":
            changed |= NO_PROPOSAL
        case "rewrap" | "restore" if reason:  # no reason: not all files were wrapped
            changed["keyring_serial"] = int(reason)
    return changed | ({"statement": statement} if statement else {})


NO_PROPOSAL = {"purge_proposed_by": "", "purge_decision": "", "purge_proposal": ""}


def reason_told(verb: str, reason: str) -> str:
    """The reason, where a person has given one: ids and hashes are for those who check the log.

    But for that of a masked copy, which stands on the copy too.
    """
    if verb == "masked":
        return reason
    return "" if verb in RECORDS or verb in ARRIVALS else reason
