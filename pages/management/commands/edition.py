"""Writes every public page as a file: once, or after each change."""

import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import DatabaseError, InterfaceError, connections
from django.utils.translation import gettext as _

from pages.ground.models import ContentVersion
from pages.newsroom.served_files import serve_what_is_public
from pages.public.store import editions, first_pages
from pages.public.store.turning import Turning
from pages.public.store.watch import mistakes
from pages.public.store.wsgi import SOON, PageStore
from pages.records.handing import handing

_PAGES_BETWEEN_LOOKS = 25


class Command(BaseCommand):
    help = _("Writes every public page as a file with its compressed twins, for nginx to serve.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help=_("Go on, and look so often whether something has changed."),
        )
        parser.add_argument(
            "--parent",
            type=int,
            metavar="PID",
            help=_("With --every: end when this process is no longer the parent."),
        )

        parser.add_argument(
            "--anew",
            action="store_true",
            help=_(
                "After an update: leave the pages that there are, and let each be written again."
            ),
        )

    def handle(
        self, *args: Any, every: int | None, parent: int | None, anew: bool, **options: Any
    ) -> None:
        if not editions.has_edition():
            raise CommandError(_("SAPO_EDITION_URL does not say where the pages are read."))
        if every is not None and every < 1:
            raise CommandError(_("--every is at least one second."))
        if anew:
            _begin_anew()
            return
        self.handler = _handler()
        self.goes_on = every is not None
        if every is None:
            try:
                is_whole = self._write()
            except OSError as error:
                raise CommandError(_fault(error)) from error
            except (DatabaseError, InterfaceError) as error:
                raise CommandError(
                    _("The database cannot be used: set the site up first.")
                ) from error
            if not is_whole:
                raise CommandError(_("Something was published meanwhile. Run it again."))
            return
        parent, said = parent or os.getppid(), ""
        turning = Turning()
        turning.start()
        while os.getppid() == parent:
            try:
                self._write()
                said = ""
            except (DatabaseError, InterfaceError):  # the present edition stays
                connections.close_all()
            except OSError as error:  # a full disk, for example: Python answers for the rest
                if said != (said := _fault(error)):
                    self.stderr.write(said)
            turning.has_turned.wait(every)
            turning.has_turned.clear()

    def _write(self) -> bool:
        """Fills the edition of the present content version; returns whether it is whole."""
        now = editions.begin()
        until = now.whole_until()
        if until is not None:
            if until > time.time():
                return True
            now = editions.begin_anew(now)
        until = editions.changes_at()
        # From their end, since the service writes them from the beginning where somebody has confirmed.
        for address in reversed(list(first_pages.first_addresses())):
            if now.has(address):
                continue
            if answer := self.handler.answer_at(address, now, quality=SOON):
                now.write(address, answer)
        self._serve_files()
        # Done first, since no edition gets whole while changes come faster than pages are written.
        editions.remove_old()
        addresses = list(editions.addresses())
        # What was withdrawn on another machine.
        editions.take_out_what_names(mistakes())
        if former := editions.Edition.former():
            former.keep_only(addresses)
        for number, address in enumerate(addresses, start=1):
            if number % _PAGES_BETWEEN_LOOKS == 0 and ContentVersion.current() != now.version:
                return False
            if until <= time.time():  # something has begun or ended by itself
                editions.begin_anew(now)
                return False
            if editions.Edition.current() != now:
                return False
            # Pages written at publishing are written again, to know until when they hold.
            if answer := self.handler.answer_at(address, now):
                until = min(until, answer.until)
                now.write(address, answer)
            # The job that goes on writes to a journal, which should hold faults only.
            if not self.goes_on and (number % 100 == 0 or number == len(addresses)):
                self.stdout.write(_("%(number)d of %(count)d pages") % {
                    "number": number, "count": len(addresses),
                })  # fmt: skip
        # Before: what the records lack of a whole edition would never be written again.
        handing.whole(now.version)
        now.make_whole(until)
        editions.remove_old()
        return True

    def _serve_files(self) -> None:
        """Lets visitors fetch what is public, where a crash came between that and its commit."""
        if "editorial" not in settings.ROLES:  # on a machine for visitors, which only reads
            return
        try:
            serve_what_is_public()
        except OSError as error:  # the pages are written all the same
            self.stderr.write(_("The public files cannot be put right: %(error)s") % {
                "error": error.strerror or error,
            })  # fmt: skip


def _begin_anew() -> None:
    """An empty edition, which the job that goes on fills, with the new code's pages."""
    try:
        editions.begin_anew(editions.begin())
    except OSError as error:
        raise CommandError(_fault(error)) from error
    except (DatabaseError, InterfaceError) as error:
        raise CommandError(_("The database cannot be used: set the site up first.")) from error


def _fault(error: OSError) -> str:
    return _("The pages cannot be written: %(error)s") % {"error": error.strerror or error}


def _handler() -> PageStore:
    application = get_internal_wsgi_application()
    if not isinstance(application, PageStore):
        raise CommandError(_("%(name)s has no page store.") % {"name": settings.WSGI_APPLICATION})
    return application
