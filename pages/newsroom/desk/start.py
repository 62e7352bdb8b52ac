"""The start page of the CMS: what waits for the person who has logged in, and since when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str
from wagtail.models import DraftStateMixin, Page, Revision

from pages.content.models import Upkeep
from pages.content.publishing.roles import is_chief
from pages.newsroom.acting import SignedInRequest
from pages.newsroom.companions import LIBRARY
from pages.newsroom.digest import key_of, kind_of, model_of, object_of
from pages.newsroom.editing.file_states import way_to_file
from pages.newsroom.emergencies import open_emergencies, who_put_out, why_not_reviewed_by
from pages.newsroom.file_queries import used_in_public
from pages.newsroom.file_terms import terms_ending, terms_of, terms_over
from pages.newsroom.guard import guarded_models
from pages.newsroom.matching import returned_items, returned_of, stored_of
from pages.newsroom.models import Approval, Confirmation, Publication, Submission
from pages.newsroom.moments import clock, date_in_words, since, weekday_of
from pages.newsroom.persons import same_person
from pages.newsroom.proposals import act_of
from pages.newsroom.remarks import remarks_left, remarks_left_in
from pages.newsroom.rule import word_of, would_help, would_hold
from pages.newsroom.stopping import waiting_for_their_time
from pages.newsroom.submissions import verdict_on, waiting_submissions, who_is_missing_in
from pages.newsroom.waivers import check_together, words_of_count

from .showing import kind_label, language_of
from .telling import full_name_of

MOST_ROWS = 500
_LATELY = timedelta(days=30)


@dataclass(frozen=True)
class StartRow:
    """A row of a list: what it is, who and since when, and the button that leads on."""

    title: str
    words: str
    address: str
    button: Promise | str
    submission: Submission | None = None

    @property
    def red(self) -> str:
        """How much that is red stands in what was sent; asked of the rows that are shown."""
        if self.submission is None:
            return ""
        items = self.submission.items.select_related("revision", "proposal")
        sendables = [sendable for item in items if (sendable := item.sendable)]
        return words_of_count(sum(len(each.red) for each in check_together(sendables)), 0)


class StartDesk:
    """One person's lists, which read together what waits and what the person has confirmed."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def waiting(self) -> list[Submission]:
        """What waits for approval, the oldest first."""
        found = waiting_submissions().select_related("sent_by").prefetch_related("items__proposal")
        return list(found.order_by("sent_at", "pk"))

    @cached_property
    def _words(self) -> list[tuple[str, str, str]]:
        given = Confirmation.objects.filter(person=self.user, ending=None)
        return list(given.values_list("digest", "kind", "key"))

    def has_confirmed(self, submission: Submission) -> bool:
        return {item.digest for item in submission.items.all()} <= {word[0] for word in self._words}

    def is_asked(self, submission: Submission) -> bool:
        """Whether this person's word is the one that is missing, or was given to another version."""
        word = word_of(self.user)
        if word is None or self.has_confirmed(submission):
            return False
        if submission.sent_by_id in self._tied_to and not self._is_enough(submission):
            return False
        return self._has_confirmed_another_version(submission) or all(
            would_help(word, each.kind)
            or would_help(word, each.kind, verdict_on(each).confirmations)
            for each in submission.items.all()
        )

    @cached_property
    def _tied_to(self) -> set[int]:
        """Others who have sent what waits, and count as the same person as this one."""
        now = timezone.now()
        senders = {each.sent_by for each in self.waiting} - {self.user}
        return {each.pk for each in senders if same_person(self.user, each, now)}

    def _is_enough(self, submission: Submission) -> bool:
        now, word = timezone.now(), word_of(self.user)
        return all(would_hold(verdict_on(item, now), word, now) for item in submission.items.all())

    def _has_confirmed_another_version(self, submission: Submission) -> bool:
        objects = {word[1:] for word in self._words}
        return any((item.kind, item.key) in objects for item in submission.items.all())

    def drafts(self) -> Iterator[tuple[datetime, Any]]:
        """What the person wrote last and readers do not meet, of the kinds that the person writes."""
        written = Revision.objects.filter(user=self.user).order_by()
        kinds = set(written.values_list("base_content_type", flat=True).distinct())
        for model in guarded_models():
            is_a_base = model is Page or not issubclass(model, Page)
            if is_a_base and ContentType.objects.get_for_model(model).pk in kinds:
                found: Any = model._base_manager.filter(
                    latest_revision__user=self.user, has_unpublished_changes=True
                ).select_related("latest_revision")
                for each in found[:MOST_ROWS]:
                    yield each.latest_revision.created_at, each


def _kind_of_item(about: Any) -> str:
    """What kind of thing it is, and in which language."""
    obj = object_of(about.kind, about.key)
    model = type(obj) if obj is not None else model_of(about.kind)
    said = [kind_label(model)] if model else []
    return " · ".join([*said, *filter(None, [language_of(obj)])])


def _row_of(submission: Submission, words: str) -> StartRow:
    """What it is, or what is done to it, and how many there are of several; then the words."""
    items = list(submission.items.all())
    said = [
        str(act_of(item.proposal).label) if item.proposal else _kind_of_item(item) for item in items
    ]
    count = [gettext("%(count)d together") % {"count": len(items)}] if len(items) > 1 else []
    words = " · ".join([*count, *dict.fromkeys(said), words])
    return StartRow(str(submission), words, _confirm(submission), _("Open"), submission)


def _waiting_for(desk: StartDesk) -> Iterator[StartRow]:
    yield from _emergencies(desk, is_asked=True)
    yield from _returned(desk)
    for submission in desk.waiting:
        if desk.is_asked(submission):
            words = gettext("%(name)s, since %(when)s") % {
                "name": full_name_of(submission.sent_by),
                "when": since(submission.sent_at),
            }
            if submission.wanted_by:
                words += ", " + gettext("wanted before %(when)s") % {
                    "when": since(submission.wanted_by)
                }
            yield _row_of(submission, words)


def _sent_by(desk: StartDesk) -> Iterator[StartRow]:
    for submission in desk.waiting:
        if not desk.has_confirmed(submission):
            continue
        words = gettext("waits for %(missing)s, since %(when)s") % {
            "missing": who_is_missing_in(submission),
            "when": since(submission.sent_at),
        }
        yield _row_of(submission, words)


def _drafts_of(desk: StartDesk) -> Iterator[StartRow]:
    sent = {(item.kind, item.key) for submission in desk.waiting for item in submission.items.all()}
    for at, draft in sorted(desk.drafts(), key=lambda row: row[0], reverse=True):
        if (kind_of(draft), key_of(draft)) not in sent and not draft.approved_schedule:
            returned = returned_of(draft)
            if returned is None or returned.sent_by != desk.user:  # else it waits for the person
                words = gettext("changed %(when)s") % {"when": since(at)}
                words = f"{kind_label(draft)} · {words}"
                yield StartRow(get_latest_str(draft), words, _form_of(draft), _("Edit"))


def _returned(desk: StartDesk) -> Iterator[StartRow]:
    """What the person has sent and somebody wants changed, until each remark is mended."""
    for item in returned_items().filter(submission__sent_by=desk.user)[:MOST_ROWS]:
        draft, returned = stored_of(item), item.submission
        if draft is not None and draft.has_unpublished_changes:
            words = gettext("given back by %(name)s %(when)s") % {
                "name": full_name_of(returned.closed_by),
                "when": since(returned.closed_at or timezone.now()),
            }
            address = _form_of(draft)
            if left := remarks_left(draft):
                address += f"?comment={left[0].pk}"
                words += ", " + _words_of_remarks(len(left))
            yield StartRow(get_latest_str(draft), words, address, _("Mend"))
    for submission in desk.waiting:
        if submission.sent_by == desk.user and (count := remarks_left_in(submission)):
            words = gettext("sent again") + ", " + _words_of_remarks(count)
            yield StartRow(str(submission), words, _confirm(submission), _("Open"))


def _words_of_remarks(count: int) -> str:
    text = ngettext("%(count)d comment to mend", "%(count)d comments to mend", count)
    return text % {"count": count}


def _emergencies(desk: StartDesk, *, is_asked: bool = False) -> Iterator[StartRow]:
    """What was put out alone, and this person may review it, or may not."""
    for approval in open_emergencies():
        if is_asked == bool(why_not_reviewed_by(desk.user, [approval])):
            continue
        word = who_put_out(approval)
        words = gettext("%(name)s, %(when)s. Reason: %(reason)s") % {
            "name": word.person_name,
            "when": since(approval.decided_at),
            "reason": approval.reason,
        }
        address = reverse("newsdesk:review", args=[approval.pk])
        button = _("Review afterwards") if is_asked else _("Open")
        yield StartRow(str(approval.title), words, address, button)


def _scheduled(desk: StartDesk, *, is_near: bool) -> Iterator[StartRow]:
    week = timezone.now() + timedelta(days=7)
    waiting = waiting_for_their_time().select_related("submission").order_by("due_at")
    for approval in (
        waiting.filter(due_at__lte=week) if is_near else waiting.exclude(due_at__lte=week)
    ):
        due_at: Any = approval.due_at
        words = gettext("%(day)s at %(time)s") % {"day": weekday_of(due_at), "time": clock(due_at)}
        address = reverse("newsdesk:stop", args=[approval.pk])
        what = _kind_of_item(approval)
        yield StartRow(approval.title, f"{capfirst(words)} · {what}", address, _("Open"))


def _out_today(desk: StartDesk) -> Iterator[StartRow]:
    """What readers have met since midnight, on whose word, the latest first; each object once."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    grounds = (*Approval.BY_RULE, Approval.Ground.EMERGENCY)
    today = Publication.objects.filter(at__gte=midnight, approval__ground__in=grounds)
    latest: dict[tuple[str, str], Publication] = {}
    for each in today.select_related("approval").order_by("-at", "-pk"):
        latest.setdefault((each.kind, each.key), each)
    for each in latest.values():
        approval: Any = each.approval
        names = ", ".join(word.person_name for word in approval.words)
        how = each.get_how_display()
        if approval.ground == Approval.Ground.EMERGENCY and each.how == Publication.How.PUBLISHED:
            how = approval.get_ground_display().lower()
        words = f"{clock(each.at)} · {_kind_of_item(each)} · {how} · {names}"
        obj = object_of(each.kind, each.key)
        address = (isinstance(obj, Page) and obj.live and obj.full_url) or (obj and _form_of(obj))
        yield StartRow(each.title, words, address or "", _("Look"))


def _to_read_again(desk: StartDesk) -> Iterator[StartRow]:
    yield from _rows_of_upkeep(
        Upkeep.objects.owned_by(desk.user).filter(due_on__lte=localdate() + _LATELY)
    )


def _late(desk: StartDesk) -> Iterator[StartRow]:
    """What others have not read in time, for chief editors."""
    if is_chief(desk.user):
        yield from _rows_of_upkeep(Upkeep.objects.filter(due_on__lt=localdate()))


def _rows_of_upkeep(found: QuerySet[Upkeep]) -> Iterator[StartRow]:
    for each in found.filter(page__live=True).select_related("page", "person").order_by("due_on"):
        words = gettext("to be read again by %(day)s") % {"day": date_in_words(each.due_on)}
        address = reverse("newsdesk:upkeep", args=[each.page_id])
        yield StartRow(each.page.title, f"{words} · {each.owner}", address, _("Read"))


def _terms(desk: StartDesk) -> Iterator[StartRow]:
    for model in LIBRARY:
        files = model._base_manager.all()
        for file in used_in_public(terms_over(files) | terms_ending(files)).order_by("pk"):
            ending = [term.words for term in terms_of(file) if term.is_over or term.ends_soon]
            yield StartRow(file.title, ", ".join(ending), way_to_file(file), _("Open"))


@dataclass(frozen=True)
class Listed:
    """One of the lists of the start page, in their order; of some the rows wait for the person."""

    name: str
    heading: Promise | str
    rows: Callable[[StartDesk], Iterator[StartRow]]
    is_waiting: bool = False


START_LISTS = {
    each.name: each
    for each in (
        Listed("waiting", _("Waiting for you"), _waiting_for, is_waiting=True),
        Listed("read_again", _("To be read again by you"), _to_read_again, is_waiting=True),
        Listed("drafts", _("Begun by you"), _drafts_of),
        Listed("sent", _("Sent by you"), _sent_by),
        Listed(
            "emergencies",
            _("Put out in an emergency, to be reviewed by somebody else"),
            _emergencies,
        ),
        Listed("scheduled", _("Goes out in seven days"), partial(_scheduled, is_near=True)),
        Listed("later", _("Goes out later"), partial(_scheduled, is_near=False)),
        Listed("today", _("Came out today"), _out_today),
        Listed("late", _("Not read again in time"), _late),
        Listed("terms", _("Rights and consents that end"), _terms),
    )
}


def add_list(listed: Listed) -> None:
    """Adds a list of what an app above this one keeps."""
    START_LISTS[listed.name] = listed


def back_to_desk(request: SignedInRequest) -> HttpResponse:
    """To the start page after an act, with what waits next for the person beside what was said of it."""
    if row := next(_waiting_for(StartDesk(request.user)), None):
        text = gettext("Next for you: “%(title)s”") % {"title": row.title}
        messages.info(request, text, buttons=[messages.button(row.address, row.button)])
    return redirect("wagtailadmin_home")


def _form_of(obj: DraftStateMixin) -> str:
    return AdminURLFinder().get_edit_url(obj) or ""


def _confirm(submission: Submission) -> str:
    return reverse("newsdesk:confirm", args=[submission.pk])
