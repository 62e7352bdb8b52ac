"""Updates the search for a new day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from pages.models import ThreatLevelPage
from pages.search import misses
from pages.search.index import write_page


class Command(BaseCommand):
    help = "Räknar gårdagens sökningar utan träff, och läser om sidan om terrorhotnivån. En gång om dagen."

    def handle(self, *args: Any, **options: Any) -> None:
        kept = misses.take_in()
        # A decision with a later date comes into force by itself.
        for page in ThreatLevelPage.objects.live():
            write_page(page)
        self.stdout.write(
            ngettext("%(kept)d search without hits", "%(kept)d searches without hits", kept)
            % {"kept": kept}
        )
