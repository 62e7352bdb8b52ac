"""Says of files from before uploads were cleaned what hidden data they hold."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.cleaning.cleaned_files import FileRefused, cleaned
from pages.cleaning.sentences import removed_in_words
from pages.models import SiteDocument
from pages.virus_scanner import NotClearedError


class Command(BaseCommand):
    help = _("Lists files that were uploaded before files were cleaned, with their hidden data.")

    def handle(self, *args: Any, **options: Any) -> None:
        telling = 0
        for key in _uncleaned():
            document = SiteDocument.objects.get(pk=key)
            try:
                found = hidden_in(document)
            except OSError:
                said = _("the file is gone")
            else:
                telling += bool(found)
                # For the check of what is published (`pages.checks.hidden_data`).
                hidden = {"hidden": [found] if found else []}
                SiteDocument.objects.filter(pk=key).update(inspection=hidden)
                said = found or _("no hidden data")
            self.stdout.write(f"{key} {document.file.name}: {said}")
        if telling:
            raise CommandError(
                ngettext(
                    "%(count)d file has hidden data: upload it again under Documents.",
                    "%(count)d files have hidden data: upload them again under Documents.",
                    telling,
                )
                % {"count": telling}
            )
        self.stdout.write(_("No file from before has hidden data."))


def _uncleaned() -> list[int]:
    """The files that are not known to be without hidden data."""
    rows = SiteDocument.objects.order_by("pk").values_list("pk", "inspection")
    return [key for key, known in rows if "cleaned_at" not in known and known.get("hidden") != []]


def hidden_in(document: SiteDocument) -> str:
    """What would be taken out of the file, or why it would not be accepted; the file is not changed."""
    try:
        with document.open_file() as file:
            found = cleaned(file, document.file.name)
    except NotClearedError as error:
        if error.code != "virus":
            raise CommandError(error.messages[0]) from error
        return error.messages[0]
    except FileRefused as refusal:
        return " ".join(refusal.messages)
    with found:
        return (
            _("“%(file)s” holds %(what)s.")
            % {"file": document.filename, "what": removed_in_words(found.removed)}
            if found.removed
            else ""
        )
