"""Sets up the groups of the CMS and the approval workflow."""

from typing import Any

from django.core.management.base import BaseCommand

from sapo_site.accounts.groups import CHIEF_EDITORS, EDITORS, REGISTRARS, set_up_roles


class Command(BaseCommand):
    help = "Skapar grupperna i redaktionsverktyget och godkännandeflödet, där de saknas."

    def handle(self, *args: Any, **options: Any) -> None:
        set_up_roles()
        self.stdout.write(
            f"Grupperna {EDITORS}, {CHIEF_EDITORS} och {REGISTRARS} finns, med godkännandeflöde."
        )
