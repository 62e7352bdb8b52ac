"""Publishes and unpublishes scheduled pages once a minute, until its parent process ends."""

import os
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

MINUTE = 60


class Command(BaseCommand):
    help = "Publicerar och drar tillbaka schemalagda sidor, en gång i minuten tills den stoppas."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--parent", type=int, help="Sluta när den processen inte längre är förälder."
        )

    def handle(self, *args: Any, parent: int | None, **options: Any) -> None:
        parent = parent or os.getppid()
        while os.getppid() == parent:
            call_command("publish_scheduled", stdout=self.stdout)
            close_old_connections()
            for _second in range(MINUTE):
                if os.getppid() != parent:
                    break
                time.sleep(1)
