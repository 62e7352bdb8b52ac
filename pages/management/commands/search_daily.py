"""Updates the search for a new day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from pages.search import misses
from pages.search.following import follow_threat_level


class Command(BaseCommand):
    help = "Räknar vad som söktes förgäves i går, och läser om sidan om terrorhotnivån. En gång om dagen."

    def handle(self, *args: Any, **options: Any) -> None:
        kept = misses.take_in()
        follow_threat_level()
        self.stdout.write(
            ngettext("%(kept)d search in vain", "%(kept)d searches in vain", kept) % {"kept": kept}
        )
