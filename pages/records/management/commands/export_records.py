"""Makes the exports that registrars have ordered, as WACZ, for the archive. Each minute."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.records.registrar.exports import make_ordered


class Command(BaseCommand):
    help = _("Makes the exports of the records that have been ordered. Each minute.")

    def handle(self, *args: object, **options: object) -> None:
        try:
            made = make_ordered()
        except OSError as error:
            raise CommandError(
                _("The records cannot be written: %(error)s") % {"error": error.strerror or error}
            ) from error
        if made:
            text = ngettext("%(count)d export made", "%(count)d exports made", made)
            self.stdout.write(text % {"count": made})
