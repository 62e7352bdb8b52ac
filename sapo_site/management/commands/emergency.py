"""Shows the crisis page on top of the website, and takes it away again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime

from sapo_site.answering import emergency_page


class Command(BaseCommand):
    help = (
        "Visar en krissida överst på webbplatsen (on), tar bort den (off) eller säger vad som gäller (status)."
        " Behöver varken databas eller cache. Den visas av nginx; tipsformuläret är öppet som förut."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", default="status", metavar="on|off|status")
        parser.add_argument("message", nargs="?", default="", help="myndighetens meddelande")
        parser.add_argument("--english", default="", help="meddelandet på engelska")

    def handle(self, *args: object, **options: Any) -> None:
        if options["what"] not in ("on", "off", "status"):
            raise CommandError("Skriv on, off eller status.")
        if options["what"] != "on" and (options["message"] or options["english"]):
            raise CommandError("Ett meddelande hör till on.")
        try:
            {"on": self._show, "off": self._take_away, "status": self._say}[options["what"]](
                options
            )
        except OSError as error:
            raise CommandError(f"Det gick inte: {error}") from error

    def _show(self, options: dict[str, Any]) -> None:
        try:
            emergency_page.show(options["message"], options["english"])
        except emergency_page.TooLong as error:
            raise CommandError(
                f"Meddelandet är för långt: sidan blir {error} byte av {emergency_page.LARGEST_PAGE}."
            ) from error
        self._say(options)

    def _take_away(self, options: dict[str, object]) -> None:
        was_shown = emergency_page.hide()
        self.stdout.write("Krissidan är borttagen." if was_shown else "Krissidan visades inte.")

    def _say(self, options: dict[str, object]) -> None:
        if not emergency_page.is_shown():
            self.stdout.write("Krissidan visas inte.")
            return
        file = emergency_page.page_file()
        since = localtime().fromtimestamp(file.stat().st_mtime)
        self.stdout.write(f"Krissidan visas sedan {since:%Y-%m-%d %H.%M}: {file}")
