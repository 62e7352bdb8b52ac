"""Takes in what readers have written about accessibility, and deletes what has been kept long enough."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from sapo_site.accessibility.message_mail import tell_of_messages
from sapo_site.accessibility.messages import AccessibilityMessage
from sapo_site.accessibility.spool import take_in_all


class Command(BaseCommand):
    help = (
        "Tar in meddelanden om tillgänglighet i redaktionsverktyget, säger till dem som svarar, och"
        " tar bort det som avslutades för mer än 90 dagar sedan. Var femte minut."
    )

    def handle(self, *args: object, **options: object) -> None:
        taken, refused = take_in_all()
        if taken:
            with transaction.atomic():
                tell_of_messages(taken)
        AccessibilityMessage.purge()
        self.stdout.write(f"Intagna meddelanden: {taken}")
        if refused:
            raise CommandError(
                f"{refused} filer är inga meddelanden som formuläret kan skicka: se"
                f" {settings.MESSAGES_DIR}, *.refused."
            )
