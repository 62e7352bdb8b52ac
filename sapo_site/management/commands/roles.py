"""Sets up the groups of the CMS and the approval workflow."""

from django.core.management.base import BaseCommand

from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS, REGISTRARS
from sapo_site.accounts.groups import set_up_roles


class Command(BaseCommand):
    help = "Skapar grupperna i redaktionsverktyget och godkännandeflödet, där de saknas."

    def handle(self, *args: object, **options: object) -> None:
        set_up_roles()
        self.stdout.write(
            f"Grupperna {EDITORS}, {CHIEF_EDITORS} och {REGISTRARS} finns, med godkännandeflöde."
        )
