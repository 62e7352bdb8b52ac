"""Says what a service lacks, to whoever may run commands as it."""

from django.core.management.base import BaseCommand, CommandError

from sapo_site.running.readiness import NEEDED, lacking

_WORDS = {
    "database": "webbplatsens databas svarar inte",
    "space": "mindre än 200 MB är ledigt i SAPO_VAR",
    "form": "tipsformuläret är stängt (journalen för sapo@intake säger varför)",
    "tips' database": "tipsens databas svarar inte",
}


class Command(BaseCommand):
    help = "Säger om tjänsten kan göra sitt arbete, och annars vad den saknar."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        if found := lacking():
            raise CommandError(f"Inte redo: {'; '.join(_WORDS[each] for each in found)}.")
        self.stdout.write(f"Redo ({len(NEEDED)} av {len(NEEDED)}).")
