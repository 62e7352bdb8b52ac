"""Writes the accounts that handled tips before they had accounts of their own, for `tips_desk move`."""

import csv
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

# The group that once let them in, and means nothing now.
_GROUP = "Tipsmottagare"


class Command(BaseCommand):
    help = (
        "Skriver konto, namn och e-post för dem som är med i redaktionens gamla grupp Tipsmottagare, "
        "för tips_desk move. Inget lösenord skrivs: alla väljer ett nytt."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        members = get_user_model().objects.filter(groups__name=_GROUP, is_active=True)
        rows = csv.writer(self.stdout, lineterminator="\n")
        rows.writerow(["username", "name", "email"])
        for user in members.order_by("username"):
            rows.writerow([user.username, user.get_full_name() or user.username, user.email])
