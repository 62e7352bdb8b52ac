"""Who stands behind what is public, and what is under way to it."""

from .account_event import AccountEvent
from .confirmation_task import ConfirmationTask
from .confirming import (
    Approval,
    Confirmation,
    Ending,
    Proposal,
    Publication,
    Review,
    StopOrder,
    Submission,
    SubmittedItem,
)
from .crisis_rows import CallNumber, CrisisDraft, Duty, PreparedMessage
from .permits import Permit
from .renaming import Renaming
