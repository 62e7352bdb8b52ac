"""Adds the synonyms that come with the site, where it lacks them."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from pages.newsroom.gate import NotConfirmed
from pages.newsroom.persons import open_account
from pages.newsroom.submissions import MOST_TOGETHER, send
from pages.search.shipped import missing_synonyms


class Command(BaseCommand):
    help = "Lägger in de synonymer som följer med, som utkast; redan inlagda lämnas som de är."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as", dest="account", help="Kontot som skickar dem för godkännande.")

    @transaction.atomic
    def handle(self, *args: object, account: str | None, **options: object) -> None:
        user = open_account(account) if account else None
        if account and user is None:
            raise CommandError(f"Kontot {account} finns inte eller är stängt.")
        drafts = []
        for synonym in missing_synonyms():
            synonym.save()
            drafts.append(synonym.save_revision(user=user))
        self.stdout.write(f"Inlagda som utkast: {len(drafts)}.")
        if user is None:
            return
        try:
            for start in range(0, len(drafts), MOST_TOGETHER):
                send(user, drafts[start : start + MOST_TOGETHER])
        except (NotConfirmed, ValidationError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        self.stdout.write("De är skickade för godkännande.")
