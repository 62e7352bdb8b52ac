"""What this app does when something happens elsewhere, once all models are there."""

from django.conf import settings

from pages.content.tree.fixed_pages import register_fixed_page

from .accessibility.listing import connect_statement
from .accounts.cms_sessions import connect_sessions
from .audit_log.audit import connect_audit
from .audit_log.refusals import connect_refusals
from .audit_log.virus_log import log_viruses
from .tip_page import tip_page_in


def connect_receivers() -> None:
    register_fixed_page(tip_page_in)
    connect_statement()
    if "editorial" in settings.ROLES:
        connect_sessions()
        connect_audit()
        connect_refusals()
        log_viruses()
