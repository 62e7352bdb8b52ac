"""What an import is given, how what it made goes on, and what is said of it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError
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
        if publish and not getattr(settings, "DEMO", False):
            raise RefusedError(
                _("Two persons must approve what is published: say with --as who sends it.")
            )
        return None
    user = open_account(name)
    if user is None:
        raise RefusedError(_("There is no open account %(name)s.") % {"name": name})
    refuse_stranger(user)
    return user


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


def red_findings(page: Any) -> list[Finding]:
    """What the check before publishing stops: whoever sends it all the same says why, in the CMS."""
    found = run_checks(page.latest_revision.as_object()) if page.latest_revision else []
    return [each for each in found if each.colour is Colour.RED]


def told_of(notes: Notes) -> list[str]:
    """What whoever imports must know: what was left out, what is missing, what looks odd."""
    dropped = [f"{what}: {times}" for what, times in notes.dropped.items()]
    return [
        *_listed(_("Left out:"), dropped),
        *_listed(_("To complete before it can be published:"), notes.to_complete),
        *_listed(_("To look at:"), notes.to_check),
    ]


def told_of_differences(proof: Proof) -> list[str]:
    """Each line of the file that the page does not have as it was, with its place."""
    heading = _("Lines of the file that the page does not have as they were:")
    return _listed(heading, [_said_of(row) for row in proof.differences])


def told_of_red(red: Sequence[Finding]) -> list[str]:
    in_short = [f"{each.title}: {each.words}" if each.words else each.title for each in red]
    return _listed(_("Stopped by the check before publishing:"), in_short)


def _listed(heading: str, lines: Sequence[str]) -> list[str]:
    return [heading, *(f"  – {each}" for each in lines)] if lines else []


def _said_of(row: ProofRow) -> str:
    words = row.source or row.page
    if row.source and row.page and row.source != row.page:
        words = _("%(source)s → %(page)s") % {"source": row.source, "page": row.page}
    mark = _("lost, ") if row.is_loss else ""
    return f"{mark}{row.place}: {row.difference} {words}".rstrip()


def send_together(user: Any, pages: Sequence[Any]) -> str:
    """Sends the drafts for approval as one. Raises NotConfirmed and ValidationError."""
    outcome = send(user, [page.latest_revision for page in pages])
    missing = who_is_missing(outcome.needs_chief)
    return _("Sent for approval by %(name)s. Waits for: %(missing)s.") % {
        "name": get_user_display_name(user),
        "missing": missing,
    }


def publish_in_demo(page: Any, *, is_whole: bool) -> str:
    """Publishes the draft as content of the demo. Raises NotConfirmed and ValidationError."""
    if not is_whole:
        raise NotConfirmed(_("Not published: something is missing, or was left out."))
    refuse_unfinished(page.latest_revision.as_object())
    put_out_on_ground(page.latest_revision, Approval.Ground.DEMO)
    return _("It is public as content of the demo: nobody has approved it.")


def on_one_line(text: str) -> str:
    return " ".join(text.split())
