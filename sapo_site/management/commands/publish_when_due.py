"""Publishes what is scheduled and takes in messages at each whole minute, until its parent process ends."""

import contextlib
import os
import time
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

MINUTE = 60


class Command(BaseCommand):
    help = (
        "Publicerar och drar tillbaka schemalagda sidor och tar in meddelanden om tillgänglighet,"
        " varje hel minut tills den stoppas."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--parent", type=int, help="Sluta när den processen inte längre är förälder."
        )

    def handle(self, *args: Any, parent: int | None, **options: Any) -> None:
        parent = parent or os.getppid()
        while os.getppid() == parent:
            call_command("publish_scheduled", stdout=self.stdout)
            with contextlib.suppress(CommandError):  # what is put aside stays where it is
                call_command("take_in_messages", stdout=StringIO())
            close_old_connections()
            next_minute = (time.time() // MINUTE + 1) * MINUTE
            while os.getppid() == parent and (left := next_minute - time.time()) > 0:
                time.sleep(min(left, 1))
