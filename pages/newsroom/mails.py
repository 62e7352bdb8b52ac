"""Mails from the newsroom."""

import logging
from collections.abc import Iterable
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin

logger = logging.getLogger(__name__)


def title_in_mail(obj: DraftStateMixin) -> str:
    """The title in quotes; mails may be set to say nothing of it."""
    return f"”{obj}”" if settings.MAILS_NAME_TITLES else _("something in the editing tool")


def mail_when_committed(subject: str, words: str, addresses: Iterable[str]) -> None:
    """Writes to all of them when what they are told has been stored.

    A mail server that does not answer undoes nothing, and is named in the log.
    """
    with translation.override(settings.LANGUAGE_CODE):
        sender = formataddr((_("The editing tool"), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
        last = _("Do not answer this mail.")
    to = sorted({address for address in addresses if address})
    message = EmailMessage(" ".join(subject.split()), f"{words}\n\n{last}\n", sender, to)

    def send() -> None:
        try:
            message.send()
        except Exception as error:  # each backend has its own
            logger.error("A mail from the newsroom was not sent: %s", type(error).__name__)

    if to:
        transaction.on_commit(send)
