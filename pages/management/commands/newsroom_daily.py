"""What the newsroom has done once a day."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import ngettext

from pages.newsroom.basket import empty_baskets
from pages.newsroom.nightly_findings import tell_what_turned_red


class Command(BaseCommand):
    help = (
        "Tömmer papperskorgen på det som har legat där i 30 dagar, jämför allt som är publikt med\n"
        "det som två har godkänt och mejlar om något skiljer sig. Frågar publiceringskollen om det\n"
        "som väntar och mejlar om något är rött. En gång om dagen."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        gone = empty_baskets(timezone.now())
        self.stdout.write(
            ngettext(
                "%(gone)d draft is gone from the waste basket",
                "%(gone)d drafts are gone from the waste basket",
                gone,
            )
            % {"gone": gone}
        )
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
