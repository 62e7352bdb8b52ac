"""Lets visitors fetch exactly the files that something public uses."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from pages.newsroom.served_files import serve_what_is_public


class Command(BaseCommand):
    help = _("Lets visitors fetch exactly the files that something public uses.")

    def handle(self, *args: object, **options: object) -> None:
        try:
            added, taken_away = serve_what_is_public()
        except OSError as error:
            raise CommandError(
                _("The public files cannot be put right: %(error)s")
                % {"error": error.strerror or error}
            ) from error
        except DatabaseError as error:
            raise CommandError(_("The database cannot be used: set the site up first.")) from error
        self.stdout.write(
            _("%(added)d files can be fetched now, %(gone)d cannot any more.")
            % {"added": added, "gone": taken_away}
        )
