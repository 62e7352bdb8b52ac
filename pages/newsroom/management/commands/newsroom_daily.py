"""What the newsroom has done once a day."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from pages.newsroom.nightly_findings import tell_what_turned_red


class Command(BaseCommand):
    help = (
        "Jämför allt som är publikt med det som två har godkänt och mejlar om något skiljer sig.\n"
        "Frågar publiceringskollen om det som väntar och mejlar om något är rött. En gång om dagen."
    )

    def handle(self, *args: object, **options: object) -> None:
        red = tell_what_turned_red()
        self.stdout.write(
            ngettext(
                "%(red)d thing that waits has something red",
                "%(red)d things that wait have something red",
                red,
            )
            % {"red": red}
        )
        call_command("verify_published", mail=True, stdout=self.stdout)
