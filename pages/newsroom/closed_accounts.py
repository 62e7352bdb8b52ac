"""What stops when an account is closed: the open words of who has left count no more."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from wagtail.admin.utils import get_user_display_name

from pages.ground.models import ContentVersion
from pages.newsroom.models import Approval, Confirmation, Ending

from .account_mails import mail_what_stops
from .gate import end_confirmations
from .stopping import stop_together, waiting_for_their_time
from .submissions import stop_submission, waiting_submissions


@translation.override(settings.LANGUAGE_CODE)  # it is kept, and mailed to others
@transaction.atomic
def end_words_of(user: User, hijacked: bool, **_signal: object) -> None:
    """Ends what the person has confirmed; what two have completed stands.

    If the account may have been hijacked, what it sent becomes a draft again, and what waits for
    its time on its word is stopped.
    """
    ContentVersion.hold()
    own = Confirmation.objects.filter(person=user)
    waiting = list(waiting_submissions().filter(confirmations__in=own).distinct())
    scheduled = _waiting_on(own) if hijacked else []
    titles = [*map(str, waiting), *(each.title for each in scheduled)]
    end_confirmations(own, Ending.Why.ACCOUNT_CLOSED)
    if hijacked:
        why = gettext("The account of %(name)s may have been hijacked.") % {
            "name": get_user_display_name(user)
        }
        for approval in scheduled:
            stop_together(approval, None, why)
        for submission in waiting:
            if submission.sent_by_id == user.pk:
                stop_submission(submission, why)
    if titles:
        mail_what_stops(user, titles, hijacked=hijacked)


def _waiting_on(words: Any) -> list[Approval]:
    keys = set(words.values_list("pk", flat=True))
    return [each for each in waiting_for_their_time() if keys.intersection(each.confirmations)]
