"""Builds the demo site: pages, pictures, registers, roles and accounts."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sapo_site.demo.demo_accounts import set_up_accounts
from sapo_site.demo.site import build_site, site_is_built, tell_address


class Command(BaseCommand):
    help = "Bygger demowebbplatsen. Finns det redan en webbplats lämnas den orörd."

    def handle(self, *args: object, **options: object) -> None:
        if not getattr(settings, "DEMO", False):
            raise CommandError("Demowebbplatsen byggs bara under demoinställningar.")
        if site_is_built():
            self.stdout.write("Webbplatsen finns redan och lämnas orörd.")
            tell_address()
        else:
            build_site(self.stdout.write)
        set_up_accounts()
