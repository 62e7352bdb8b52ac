"""What the website's database and edition say of how it is, for sapo_site.operating.node_figures."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from pages.newsroom.stopping import waiting_for_their_time
from pages.public.store.editions import Edition

# The job that publishes runs each minute where nothing does so in its second.
_A_MINUTE_LATE = timedelta(minutes=2)


class Command(BaseCommand):
    help = "Skriver siffror om webbplatsen så som Prometheus läser dem. Inget om någon person."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        late = waiting_for_their_time().filter(due_at__lte=timezone.now() - _A_MINUTE_LATE)
        self.stdout.write(f"sapo_due_not_published {late.count()}")
        if edition := Edition.current():
            self.stdout.write(f"sapo_edition_is_whole {int(edition.whole_until() is not None)}")
