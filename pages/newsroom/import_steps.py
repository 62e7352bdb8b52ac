"""What the commands that import share: what was given, how it goes on, what is said."""

import re
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    handle_default_options,
)
from django.db import DatabaseError, connections
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Locale, Page

from pages.checks.findings import Colour, Finding
from pages.checks.running import run_checks
from pages.content.models import Topic
from pages.content.publishing.finished import refuse_unfinished
from pages.importing.documents import Notes, RefusedError
from pages.importing.link_targets import target_of
from pages.importing.proof import Proof, ProofRow
from pages.newsroom.gate import NotConfirmed, put_out_on_ground
from pages.newsroom.models import Approval
from pages.newsroom.persons import open_account, who_is_missing
from pages.newsroom.submissions import refuse_stranger, send


class ImportCommand(BaseCommand):
    """A command whose every error is one sentence."""

    requires_system_checks: list[str] = []

    def add_ways_on(self, parser: CommandParser) -> None:
        """Adds the choices of how what was made goes on."""
        parser.add_argument(
            "--as",
            dest="account",
            metavar="NAME",
            help=_("The account that sends it for approval."),
        )
        parser.add_argument(
            "--publish",
            action="store_true",
            help=_("Publish it, in the demo. Elsewhere two persons must approve it."),
        )

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django's, but every error is printed as one sentence."""
        try:
            parser = self.create_parser(argv[0], argv[1])
            options = vars(parser.parse_args(argv[2:]))
            handle_default_options(Namespace(**options))
            options.pop("args", None)
            self.execute(**options)
        except CommandError as error:
            self.stderr.write(on_one_line(str(error)).removeprefix("Error: "))
            sys.exit(1)
        finally:
            connections.close_all()


@contextmanager
def faults_in_one_sentence() -> Iterator[None]:
    """Says as commands do what stopped an import."""
    try:
        yield
    except RefusedError as error:
        raise CommandError(on_one_line(str(error))) from error
    except (NotConfirmed, ValidationError) as error:
        raise CommandError(on_one_line(" ".join(error.messages))) from error
    except DatabaseError as error:
        raise CommandError(_("The database cannot be used: set the site up first.")) from error


def sender(name: str | None, publish: bool) -> Any:
    """The account in whose name the article is sent; None for a draft, or in the demo."""
    if name is None:
        if publish and not _is_demo():
            raise RefusedError(
                _("Two persons must approve what is published: say with --as who sends it.")
            )
        return None
    user = open_account(name)
    if user is None:
        raise RefusedError(_("There is no open account %(name)s.") % {"name": name})
    refuse_stranger(user)
    return user


def _is_demo() -> bool:
    return getattr(settings, "DEMO", False)


def parent_at(address: str) -> Page:
    """The page at this address, published or a draft. Raises RefusedError."""
    try:
        page = target_of(address, locale=Locale.get_default()).page
    except Locale.DoesNotExist:
        page = None
    if page is None:
        raise RefusedError(_("There is no page at %(address)s.") % {"address": address})
    return page


def day_in(text: str | None) -> date | None:
    """The day that somebody has given, not one to come. Raises RefusedError."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        found = None
    if found is None:
        raise RefusedError(_("%(date)s is not a date: write it as 2024-03-21.") % {"date": text})
    if found > localdate():
        raise RefusedError(_("The date %(date)s lies in the future.") % {"date": text})
    return found


def topics_named(wanted: Sequence[str], known: Sequence[Topic]) -> list[Topic]:
    """Those of the topics that are named, by name or slug. Raises RefusedError."""
    by_name = {name.casefold(): topic for topic in known for name in (topic.slug, topic.name)}
    topics = []
    for name in [part.strip() for each in wanted for part in each.split(",") if part.strip()]:
        topic = by_name.get(name.casefold())
        if topic is None:
            slugs = ", ".join(sorted(each.slug for each in known))
            raise RefusedError(
                _("There is no topic “%(name)s”: choose among %(topics)s.")
                % {"name": name, "topics": slugs or _("none, the list is empty")}
            )
        if topic not in topics:
            topics.append(topic)
    return topics


@dataclass(frozen=True)
class MadeDraft:
    """A draft that came of a file, and what stands in the way of showing it to readers."""

    page: Any
    # Whether lines of the file are gone, and whether something is to be written or was left out.
    has_losses: bool
    lacks_something: bool
    red: Sequence[Finding]


def red_findings(page: Any) -> list[Finding]:
    """What the check before publishing stops: whoever sends it all the same says why, in the CMS."""
    found = run_checks(page.latest_revision.as_object()) if page.latest_revision else []
    return [each for each in found if each.colour is Colour.RED]


def told_of(notes: Notes) -> list[str]:
    """What whoever imports must know: what was left out, what is missing, what looks odd."""
    lines: list[str] = []
    if notes.dropped:
        lines += [_("Left out:")]
        lines += [f"  – {what}: {times}" for what, times in notes.dropped.items()]
    if notes.to_complete:
        lines += [_("To complete before it can be published:")]
        lines += [f"  – {what}" for what in notes.to_complete]
    if notes.to_check:
        lines += [_("To look at:"), *(f"  – {what}" for what in notes.to_check)]
    return lines


def told_of_differences(proof: Proof) -> list[str]:
    """Each line of the file that the page does not have as it was, with its place."""
    if not proof.differences:
        return []
    return [
        _("Lines of the file that the page does not have as they were:"),
        *(f"  – {_said_of(row)}" for row in proof.differences),
    ]


def _said_of(row: ProofRow) -> str:
    words = row.source or row.page
    if row.source and row.page and row.source != row.page:
        words = _("%(source)s → %(page)s") % {"source": row.source, "page": row.page}
    mark = _("lost, ") if row.is_loss else ""
    return f"{mark}{row.place}: {row.difference} {words}".rstrip()


def told_of_red(red: Sequence[Finding]) -> list[str]:
    if not red:
        return []
    return [
        _("Stopped by the check before publishing:"),
        *(f"  – {_in_short(each)}" for each in red),
    ]


def _in_short(finding: Finding) -> str:
    return f"{finding.title}: {finding.words}" if finding.words else finding.title


def hand_on(made: MadeDraft, user: User, publish: bool) -> list[str]:
    """Sends the draft, or publishes it as content of the demo; what came of it, in sentences."""
    if made.red and (user is not None or publish):
        return [_("It stays a draft."), _how_to_mend()]
    if made.has_losses and user is not None:
        return [
            _("Not sent: something of the file is lost in the page, see above."),
            _how_to_mend(),
        ]
    try:
        if user is not None:
            return [send_together(user, [made.page]), *_only_sent(publish)]
        return [publish_in_demo(made)] if publish else []
    except (NotConfirmed, ValidationError) as error:
        return [*error.messages, _how_to_mend()]


def send_together(user: Any, pages: Sequence[Any]) -> str:
    """Sends the drafts for approval as one. Raises NotConfirmed and ValidationError."""
    outcome = send(user, [page.latest_revision for page in pages])
    missing = who_is_missing(outcome.needs_chief)
    return _("Sent for approval by %(name)s. Waits for: %(missing)s.") % {
        "name": get_user_display_name(user),
        "missing": missing,
    }


def _only_sent(publish: bool) -> list[str]:
    if not publish:
        return []
    return [_("--publish publishes nothing here: two persons must approve it.")]


def publish_in_demo(made: MadeDraft) -> str:
    """Publishes the draft as content of the demo. Raises NotConfirmed and ValidationError."""
    if made.lacks_something or made.has_losses:
        raise NotConfirmed(_("Not published: something is missing, or was left out."))
    refuse_unfinished(made.page.latest_revision.as_object())
    put_out_on_ground(made.page.latest_revision, Approval.Ground.DEMO)
    made.page.refresh_from_db()
    return _("It is public as content of the demo: nobody has approved it.")


def _how_to_mend() -> str:
    return _("Open the draft in the CMS, look at what is said above, and send it for approval.")


def on_one_line(text: str) -> str:
    return " ".join(text.split())
