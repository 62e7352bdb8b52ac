"""`./sapo messages`: updates or checks the Swedish catalogue."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sapo_site import catalogues


class Command(BaseCommand):
    help = "Hämtar texter ur koden och mallarna till den svenska katalogen."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Ändra inget: visa vad som saknas, är osäkert eller inte längre används.",
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        project: Path = settings.PROJECT_DIR
        try:
            texts = catalogues.source_texts(project)
            if not check:
                path = project / catalogues.SWEDISH
                came, went = catalogues.update_catalogue(path, texts.values())
                catalogues.compile_catalogues(project)
                self.stdout.write(f"{came} nya texter, {went} som inte längre används borttagna.")
            found = all_problems(project, texts)
        except (catalogues.UnreadableCatalogue, SyntaxError) as error:
            raise CommandError(f"Går inte att läsa: {error}") from error
        if found:
            report = "\n  ".join([f"{len(found)} texter att åtgärda:", *found])
            if check:
                raise CommandError(report)
            self.stdout.write(report)


def all_problems(project: Path, texts: dict[catalogues.Key, catalogues.Text]) -> list[str]:
    """The faults of the project's catalogues, one line each."""
    found: list[str] = []
    ours = project / catalogues.SWEDISH
    for path in {ours, *catalogues.catalogue_files(project)}:
        entries = catalogues.read_catalogue(path) if path.exists() else []
        if path == ours:
            found += catalogues.problems(entries, wanted=texts, known=())
        else:
            known = catalogues.package_texts(_packages(project), domain=path.stem)
            found += catalogues.problems(entries, wanted={}, known=known)
    return found


def _packages(project: Path) -> Iterator[Path]:
    yield Path(django.__file__).parent / "conf"
    for config in apps.get_app_configs():
        if Path(config.path).parent != project:
            yield Path(config.path)
