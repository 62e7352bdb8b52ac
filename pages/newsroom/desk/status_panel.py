"""The first part of the panel beside a form: what state the object is in, and what can be done."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin.ui.side_panels import BaseSidePanel, ChecksSidePanel, StatusSidePanel

from pages.newsroom.digest import kind_of
from pages.newsroom.matching import returned_of
from pages.newsroom.models import Submission
from pages.newsroom.moments import date_in_words, since
from pages.newsroom.submissions import who_is_missing_in

from .offers import Desk
from .telling import full_name_of, words_of_draft, words_of_sender
from .ways import goes_through_newsroom


def panel_context(
    context_of: Callable[..., dict[str, Any]], panel: BaseSidePanel, parent_context: Any
) -> dict[str, Any]:
    """What the panels beside a form show of ours, by the templates in side_panels/."""
    context = context_of(panel, parent_context)
    if not goes_through_newsroom(panel.model):
        return context
    match panel:
        case StatusSidePanel():
            return context | _status(panel, parent_context)
        case ChecksSidePanel():
            # Beside the form of something new the key comes with the first saving.
            address = reverse("newsdesk:check", args=[kind_of(panel.object), "KEY"])
            return context | {"check_address": address, "check_key": panel.object.pk}
    return context


def _status(panel: StatusSidePanel, parent_context: Any) -> dict[str, Any]:
    desk = Desk(panel.object, panel.request.user)
    said: dict[str, Any] = {"newsroom_lines": list(lines_on(desk))}
    if "form" not in parent_context:  # whose head has the buttons
        said |= {"newsroom_offers": desk.leading, "newsroom_links": desk.links}
    return said


def lines_on(desk: Desk) -> Iterator[str]:
    if desk.scheduled is not None and desk.scheduled.due_at is not None:
        yield gettext("Scheduled for %(moment)s") % {"moment": since(desk.scheduled.due_at)}
    elif desk.submission is not None:
        yield from _lines_on_sent(desk.submission)
    elif desk.obj.pk is None:
        yield gettext("A draft that is not saved yet")
    else:
        yield from _lines_at_rest(desk.obj)


def _lines_on_sent(submission: Submission) -> Iterator[str]:
    yield words_of_sender(submission)
    yield gettext("Waits for: %(missing)s") % {"missing": who_is_missing_in(submission)}


def _lines_at_rest(obj: Any) -> Iterator[str]:
    returned = returned_of(obj)
    if returned is not None and returned.closed_at is not None:
        said = {"name": full_name_of(returned.closed_by), "moment": since(returned.closed_at)}
        yield gettext("Given back by %(name)s %(moment)s") % said
    if obj.latest_revision is not None and (obj.has_unpublished_changes or not obj.live):
        yield words_of_draft(obj.latest_revision)
    if not obj.live:
        return
    version = obj.live_revision.created_at if obj.live_revision else obj.last_published_at
    if obj.has_unpublished_changes and version:
        said = {"day": date_in_words(version)}
        yield gettext("Readers see the version from %(day)s.") % said
    elif obj.last_published_at:
        yield gettext("Published %(moment)s") % {"moment": since(obj.last_published_at)}
