"""What this app does when something happens elsewhere, once all models are there."""

from django.conf import settings

from pages.content.tree.fixed_pages import register_fixed_page

from .accessibility.listing import connect_statement
from .audit import connect_audit
from .refusals import connect_refusals
from .tip_page import tip_page_in
from .virus_log import log_viruses


def connect_receivers() -> None:
    register_fixed_page(tip_page_in)
    connect_statement()
    if "editorial" in settings.ROLES:
        connect_audit()
        connect_refusals()
        log_viruses()
