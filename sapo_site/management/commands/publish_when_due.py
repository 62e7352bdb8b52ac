"""Publishes and withdraws scheduled pages, once a minute, for as long as its parent lives."""

import os
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections

MINUTE = 60


class Command(BaseCommand):
    help = "Publicerar och drar tillbaka schemalagda sidor, en gång i minuten tills den stoppas."

    def handle(self, *args: Any, **options: Any) -> None:
        parent = os.getppid()
        while os.getppid() == parent:
            call_command("publish_scheduled", stdout=self.stdout)
            close_old_connections()
            for _second in range(MINUTE):
                if os.getppid() != parent:
                    break
                time.sleep(1)
