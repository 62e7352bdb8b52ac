"""Updates the search for a new day."""

from django.core.management.base import BaseCommand

from pages.search.following import follow_threat_level


class Command(BaseCommand):
    help = "Läser om sidan om terrorhotnivån, så att ett beslut som har trätt i kraft hittas. En gång om dagen."

    def handle(self, *args: object, **options: object) -> None:
        follow_threat_level()
