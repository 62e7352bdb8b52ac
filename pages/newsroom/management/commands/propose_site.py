"""Sends another name or start page of the website for approval."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from wagtail.models import Page, Site

from pages.ground.whole_numbers import whole_number
from pages.newsroom.persons import open_account
from pages.newsroom.proposals import make_proposal
from pages.newsroom.submissions import send


class Command(BaseCommand):
    help = "Skickar webbplatsens namn och startsida för godkännande; två personer måste godkänna."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as", dest="account", required=True, help="Kontot som skickar.")
        parser.add_argument("--name", help="Webbplatsens namn. Annars som det är.")
        parser.add_argument("--start", help="Startsidans nummer i trädet. Annars som den är.")

    def handle(
        self, *args: object, account: str, name: str | None, start: str | None, **options: object
    ) -> None:
        user = open_account(account)
        if user is None:
            raise CommandError(f"Kontot {account} finns inte eller är stängt.")
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            raise CommandError("Det finns ingen webbplats.")
        page = _page_numbered(start) if start else site.root_page
        if page is None:
            raise CommandError(f"Sidan {start} finns inte.")
        parameters = {"site_name": name or site.site_name, "root_page": page.pk}
        try:
            with transaction.atomic():
                send(user, [make_proposal("site", site, parameters, user)])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Skickat för godkännande.")


def _page_numbered(number: str) -> Page | None:
    return Page.objects.filter(pk=whole_number(number)).first()
