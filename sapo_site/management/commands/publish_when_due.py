"""Publishes and unpublishes scheduled pages at each whole minute, until its parent process ends."""

import os
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

MINUTE = 60


class Command(BaseCommand):
    help = "Publicerar och drar tillbaka schemalagda sidor, varje hel minut tills den stoppas."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--parent", type=int, help="Sluta när den processen inte längre är förälder."
        )

    def handle(self, *args: Any, parent: int | None, **options: Any) -> None:
        parent = parent or os.getppid()
        while os.getppid() == parent:
            call_command("publish_scheduled", stdout=self.stdout)
            close_old_connections()
            next_minute = (time.time() // MINUTE + 1) * MINUTE
            while os.getppid() == parent and (left := next_minute - time.time()) > 0:
                time.sleep(min(left, 1))
