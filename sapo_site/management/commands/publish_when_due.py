"""Publishes what is scheduled in its second; each whole minute reminds, takes in messages, files records, makes
exports and looks after tips.

Beside the demo, until its parent process ends; in production these are jobs.
"""

import contextlib
import os
import time
from collections.abc import Callable
from io import StringIO

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import DatabaseError, close_old_connections

from pages.management.at_each_moment import WhatHasATime, publish_at_each_moment

MINUTE = 60


class Command(BaseCommand):
    help = (
        "Publicerar och drar tillbaka schemalagda sidor, tar in meddelanden om tillgänglighet och"
        " arkiverar det som läsare har mött, varje hel minut tills den stoppas."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--parent", type=int, help="Sluta när den processen inte längre är förälder."
        )

    def handle(self, *args: object, parent: int | None, **options: object) -> None:
        parent, moments = parent or os.getppid(), WhatHasATime()
        get_internal_wsgi_application()  # so that it writes the first pages of the edition itself
        while os.getppid() == parent:
            call_command("publish_scheduled", stdout=self.stdout)
            with contextlib.suppress(CommandError):  # what is put aside stays where it is
                call_command("take_in_messages", stdout=StringIO())
            with contextlib.suppress(CommandError):  # what cannot be filed now is filed later
                call_command("file_records", stdout=StringIO(), stderr=StringIO())
            with contextlib.suppress(CommandError, DatabaseError):
                call_command("tips_janitor", stdout=StringIO(), stderr=StringIO())
            with contextlib.suppress(CommandError):
                call_command("export_records", stdout=StringIO())
            close_old_connections()
            next_minute = (time.time() // MINUTE + 1) * MINUTE
            publish_at_each_moment(_until(next_minute, parent), moments)


def _until(end: float, parent: int) -> Callable[[], bool]:
    return lambda: os.getppid() == parent and time.time() < end
