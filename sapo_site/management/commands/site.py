"""Makes the pages that a new website begins with, on a database that has none."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.newsroom.before_the_rule import public_since_before
from sapo_site.demo.first_site import build_first_site, is_empty

_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class Command(BaseCommand):
    help = "Skapar startsidor, avdelningar, sidfot och kaknotiser på svenska och engelska, i en tom databas."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hostname", required=True, help="Webbplatsens namn: www.myndigheten.se"
        )

    def handle(self, *args: Any, hostname: str, **options: Any) -> None:
        if not _NAME.fullmatch(hostname):
            raise CommandError(f"{hostname} är inget namn på en webbplats, som www.myndigheten.se.")
        if not is_empty():
            raise CommandError(
                "Det finns redan sidor eller något som har varit publikt. Inget är gjort."
            )
        pages = build_first_site(hostname)
        self.stdout.write(
            f"{pages} sidor finns nu på https://{hostname}/, med orden som följer med."
        )
        self.stdout.write("Två personer bekräftar dem, under Rapporter → Före regeln:")
        for each in public_since_before().order_by("kind", "title"):
            self.stdout.write(f"  {each.title}")
