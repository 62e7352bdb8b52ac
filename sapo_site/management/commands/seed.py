"""Builds the demo site: pages, pictures, registers, roles and accounts."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sapo_site.demo.accounts import set_up_accounts
from sapo_site.demo.site import build_site, is_built


class Command(BaseCommand):
    help = "Bygger demowebbplatsen. Finns det redan en webbplats lämnas den orörd."

    def handle(self, *args: Any, **options: Any) -> None:
        if not getattr(settings, "DEMO", False):
            raise CommandError("Demowebbplatsen byggs bara under demoinställningar.")
        if is_built():
            self.stdout.write("Webbplatsen finns redan och lämnas orörd.")
        else:
            build_site(self.stdout.write)
        set_up_accounts()
