"""Takes a table of the addresses of a former website in, and sends it for approval."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from pages.content.models import FormerAddresses
from pages.content.publishing.finished import refuse_unfinished
from pages.importing.documents import RefusedError
from pages.importing.sniff import FileKind, SourceFile, bytes_of, text_in
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.persons import open_account
from pages.newsroom.submissions import open_submission_of, refuse_stranger, send


class Command(BaseCommand):
    help = _("Takes in a table of former addresses (CSV), and sends it for approval.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help=_("Two columns: former and new address."))
        parser.add_argument(
            "--as",
            dest="account",
            required=True,
            metavar="NAME",
            help=_("The account that sends it for approval."),
        )
        parser.add_argument(
            "--name",
            help=_("What the table is called. Otherwise as the file, without its ending."),
        )

    def handle(
        self, *args: object, file: str, account: str, name: str | None, **options: object
    ) -> None:
        try:
            self.stdout.write(_sent(Path(file), account, name))
        except (NotConfirmed, ValidationError) as error:
            raise CommandError("\n".join(error.messages)) from error
        except RefusedError as error:
            raise CommandError(str(error)) from error


@transaction.atomic
def _sent(path: Path, account: str, name: str | None) -> str:
    """Sends the table as the next version of the one with its name; what came of it, in a sentence."""
    user = open_account(account)
    if user is None:
        raise RefusedError(_("There is no open account %(name)s.") % {"name": account})
    refuse_stranger(user)
    text = text_in(SourceFile(FileKind.TEXT, path.name, bytes_of(path), path.parent))
    name = (name or path.stem).strip()
    table = FormerAddresses.objects.filter(name=name).first() or FormerAddresses(
        name=name, live=False
    )
    newest = table.latest_revision.as_object() if table.latest_revision else table
    before, is_waiting = newest.lines, table.pk is not None and open_submission_of(table)
    newest.lines = text
    newest.clean()
    refuse_unfinished(newest)
    said = {"name": name, "count": len(newest.lines.splitlines())}
    if newest.lines == before and (is_waiting or not table.has_unpublished_changes):
        return _("“%(name)s” is as it was: %(count)d lines. Nothing is sent.") % said
    if table.pk is None:
        newest.save()
    send(user, [newest.save_revision(user=user)])
    return _("“%(name)s” is sent for approval: %(count)d lines.") % said
