"""What this app does when something happens elsewhere, once all models are there."""

from django.conf import settings

from .accessibility.listing import connect_statement
from .audit import connect_audit
from .refusals import connect_refusals
from .tip_messages import connect_messages
from .tip_texts import connect
from .virus_log import log_viruses


def connect_receivers() -> None:
    connect()
    connect_messages()
    connect_statement()
    if "editorial" in settings.ROLES:
        connect_audit()
        connect_refusals()
        log_viruses()
