"""Publishes and ends what two have confirmed a time for. In place of Wagtail's, which asks nobody."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from pages.models import ThreatLevelDecision
from pages.newsroom.due import publish_due, remind
from pages.search.following import follow_threat_level

# A little more than cron waits between two runs.
_LATELY = timedelta(minutes=2)


class Command(BaseCommand):
    help = "Publicerar och avslutar det som två har godkänt en tid för, och påminner om det som väntar."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        publish_due(now)
        remind(now)
        if any(now - _LATELY < moment <= now for moment in ThreatLevelDecision.objects.moments()):
            follow_threat_level()
