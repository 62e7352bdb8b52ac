"""Publishes and ends what two have confirmed a time for. In place of Wagtail's, which asks nobody."""

import os
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandParser
from django.core.servers.basehttp import get_internal_wsgi_application
from django.utils import timezone

from pages.management.at_each_moment import WhatHasATime, follow_level_since, publish_at_each_moment
from pages.newsroom.due import publish_due, remind

# A little more than its timer waits between two runs.
_LATELY = timedelta(minutes=2)


class Command(BaseCommand):
    help = "Publicerar och avslutar det som två har godkänt en tid för, och påminner om det som väntar."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at-each-moment",
            action="store_true",
            help="Fortsätt, och gör var sak i sin sekund.",
        )

    def handle(self, *args: object, at_each_moment: bool, **options: object) -> None:
        if at_each_moment:
            get_internal_wsgi_application()  # so that it writes the first pages of the edition itself
            parent = os.getppid()
            publish_at_each_moment(lambda: os.getppid() == parent, WhatHasATime())
            return
        now = timezone.now()
        publish_due(now)
        remind(now)
        follow_level_since(now - _LATELY, now)
