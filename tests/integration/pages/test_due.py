"""What two have confirmed a time for starts and ends then, and nothing else does."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone
from wagtail.models import Revision
from wagtail.signals import page_published

from pages.content.models import ArticlePage, Footer, Withdrawal
from pages.library.models import SiteImage
from pages.management import at_each_moment
from pages.newsroom.account_changes import close_as_left
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.due import working_days_between
from pages.newsroom.emergencies import put_out_in_emergency
from pages.newsroom.models import Confirmation, Publication, StopOrder
from pages.newsroom.stopping import stop_approved, waiting_for_their_time
from pages.newsroom.submissions import Result, open_submission_of, send
from tests.factories import ArticlePageFactory, FooterFactory, SiteImageFactory
from tests.guarding import guarded
from tests.newsroom import approved_by_two, call_by_name

pytestmark = pytest.mark.django_db

# A Friday, at nine in Sweden.
NINE = datetime(2026, 11, 27, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(monkeypatch):
    """Sets the clock. It is a quarter past eight at first."""

    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(NINE - 45 * MINUTE)
    return set_to


@pytest.fixture
def at(clock, django_capture_on_commit_callbacks):
    """Runs what its timer runs, at a moment; the subjects of the mails that were sent."""

    def run(moment):
        clock(moment)
        mail.outbox.clear()
        with guarded(), django_capture_on_commit_callbacks(execute=True):
            call_command("publish_scheduled")
        return [letter.subject for letter in mail.outbox]

    return run


@pytest.fixture(autouse=True)
def _names(editor, chief_editor):
    call_by_name(editor, chief_editor)


@pytest.fixture
def article(section):
    return ArticlePageFactory(parent=section, title="Valet", slug="valet", live=False)


def version(obj, start=NINE, **words):
    """A newer version, with a time at which it is to go out."""
    draft = type(obj)._base_manager.get(pk=obj.pk)
    for name, value in words.items():
        setattr(draft, name, value)
    draft.go_live_at = start
    return draft.save_revision()


def stored(obj):
    return type(obj)._base_manager.get(pk=obj.pk)


def body():
    return mail.outbox[0].body.split("\n\n")[0]


def test_what_two_have_approved_goes_out_at_its_second_and_not_before(
    at, clock, article, editor, chief_editor
):
    assert approved_by_two(editor, chief_editor, version(article)).result is Result.SCHEDULED
    assert stored(article).get_lock() is not None  # locked for everybody

    assert at(NINE - timedelta(seconds=1)) == []
    assert not stored(article).live
    assert at(NINE) == ["Publicerad: ”Valet”"]
    assert stored(article).live
    assert {each for letter in mail.outbox for each in letter.to} == {
        "rolf@example.org", "cecilia@example.org",
    }  # fmt: skip
    assert "Skickad av Rolf Redaktör, godkänd av Cecilia Chefredaktör." in body()
    assert at(NINE + MINUTE) == []
    assert Publication.objects.count() == 1


def test_a_footer_is_readable_until_its_new_version_starts(at, clock, home, editor, chief_editor):
    footer = FooterFactory(mission="Före")
    record_all()
    approved_by_two(editor, chief_editor, version(footer, mission="Efter"))

    at(NINE - MINUTE)
    assert (stored(footer).live, stored(footer).mission) == (True, "Före")
    at(NINE)
    assert (stored(footer).live, stored(footer).mission) == (True, "Efter")
    assert Footer.objects.public().count() == 1


def test_a_picture_exchanged_in_the_database_keeps_one_back_and_no_other(
    at, clock, section, article, editor, chief_editor
):
    picture = SiteImageFactory(title="Vallokal", file_hash="1" * 40)
    figure = {"image": {"image": picture.pk, "alt_text": "Val", "decorative": False}, "caption": ""}
    shows = ArticlePageFactory(
        parent=section, title="Kartan", live=False,
        image=json.dumps([{"type": "figure", "value": figure, "id": "1"}]),
    )  # fmt: skip
    approved_by_two(editor, chief_editor, version(shows))
    approved_by_two(editor, chief_editor, version(article))
    SiteImage.objects.filter(pk=picture.pk).update(file_hash="2" * 40)

    assert at(NINE) == ["Publicerades inte: ”Kartan”", "Publicerad: ”Valet”"]
    assert (stored(shows).live, stored(article).live) == (False, True)
    assert sorted(mail.outbox[0].to) == ["cecilia@example.org", "rolf@example.org"]
    assert "”Vallokal” byttes efter att Rolf Redaktör godkände." in body()
    assert StopOrder.objects.get().approval.key == str(shows.pk)
    assert stored(shows).approved_schedule is False
    assert at(NINE + MINUTE) == []  # said once


def test_what_was_changed_since_stays_and_both_are_told(at, clock, article, editor, chief_editor):
    revision = version(article)
    approved_by_two(editor, chief_editor, revision)
    Revision.objects.filter(pk=revision.pk).update(content=revision.content | {"title": "Bytt"})

    assert at(NINE) == ["Publicerades inte: ”Valet”"]
    assert body() == (
        "”Valet” publicerades inte kl. 09.00. ”Valet” har ändrats sedan den godkändes. Läs, och "
        "skicka igen."
    )
    assert not stored(article).live
    assert not Confirmation.objects.filter(ending=None).exists()


@pytest.mark.parametrize("way", ["in the database", "by the editor"])
def test_a_time_moved_by_a_minute_starts_at_neither(at, clock, article, editor, chief_editor, way):
    revision = version(article)
    approved_by_two(editor, chief_editor, revision)
    later = NINE + MINUTE
    if way == "by the editor":
        approval = waiting_for_their_time().get()
        assert stop_approved(editor, approval)
        assert send(editor, [version(article, later)]).result is Result.WAITING
    else:
        moved = revision.content | {"go_live_at": later.isoformat()}
        Revision.objects.filter(pk=revision.pk).update(content=moved, approved_go_live_at=later)
    at(NINE)
    at(later)
    assert not stored(article).live


def test_one_that_fails_stops_no_other_and_is_given_up_after_a_quarter(
    at, clock, section, article, editor, chief_editor, caplog
):
    faulty = ArticlePageFactory(parent=section, title="Felet", live=False)
    approved_by_two(editor, chief_editor, version(faulty))
    approved_by_two(editor, chief_editor, version(article))

    def fail(instance, **_signal):
        if instance.pk == faulty.pk:
            raise IntegrityError("två rader")

    page_published.connect(fail)
    try:
        with caplog.at_level(logging.ERROR):
            assert at(NINE) == ["Publicerad: ”Valet”"]
        assert "not published at its time" in caplog.text
        assert at(NINE + 14 * MINUTE) == []  # it may yet go
        assert at(NINE + 15 * MINUTE) == ["Publicerades inte: ”Felet”"]
        assert at(NINE + 16 * MINUTE) == []
    finally:
        page_published.disconnect(fail)
    assert not stored(faulty).live


def test_what_was_sent_together_goes_out_together_or_not_at_all(
    at, clock, section, article, editor, chief_editor
):
    other = ArticlePageFactory(parent=section, title="Kartan", live=False)
    changed = version(other)
    approved_by_two(editor, chief_editor, version(article), changed)
    Revision.objects.filter(pk=changed.pk).update(content=changed.content | {"title": "Bytt"})
    at(NINE)
    assert not stored(article).live
    assert StopOrder.objects.count() == 2


def test_what_was_stopped_does_not_start(at, clock, article, editor, chief_editor):
    approved_by_two(editor, chief_editor, version(article))
    assert stop_approved(chief_editor, waiting_for_their_time().get(), "Fel siffra")
    assert at(NINE) == []
    assert not stored(article).live


@pytest.mark.parametrize(("hijacked", "goes_out"), [(True, False), (False, True)])
def test_whether_an_account_was_hijacked_decides_when_it_is_closed_before_the_time(
    at, clock, article, editor, chief_editor, hijacked, goes_out
):
    approved_by_two(editor, chief_editor, version(article))
    editor.is_active = False
    if not hijacked:
        close_as_left(editor)
    editor.save()
    at(NINE)
    assert stored(article).live is goes_out
    assert not any("rolf@example.org" in letter.to for letter in mail.outbox)


# Ends


def test_a_confirmed_end_withdraws_the_page_as_no_longer_current(
    at, clock, client, article, editor, chief_editor
):
    approved_by_two(editor, chief_editor, version(article, None, expire_at=NINE))
    at(NINE - MINUTE)
    assert stored(article).live
    at(NINE)
    assert not stored(article).live
    assert Withdrawal.objects.get().reason == "outdated"
    assert Publication.objects.last().how == "ended"
    assert client.get("/verksamheten/valet/").status_code == 410


def test_an_end_that_nobody_confirmed_ends_nothing(at, clock, article, editor, chief_editor):
    approved_by_two(editor, chief_editor, version(article, None))
    ArticlePage.objects.filter(pk=article.pk).update(expire_at=NINE)
    at(NINE)
    assert stored(article).live


# What waits for each moment


@pytest.fixture
def passing(clock, monkeypatch):
    """Lets the time pass, from a moment to another, for what waits for each moment.

    What it does at which second; `then` is done while it sleeps towards that second.
    """

    def passes(start, end, then=()):
        done, ahead = [], dict(then)
        do_what_is_due = at_each_moment.WhatHasATime.do_what_is_due

        def noted(self, now):
            done.append(now)
            do_what_is_due(self, now)

        def sleep(seconds):
            assert seconds > 0
            until = timezone.now() + timedelta(seconds=seconds)
            for moment in [each for each in ahead if each <= until]:
                clock(moment)
                ahead.pop(moment)()
            clock(until)

        monkeypatch.setattr(at_each_moment.WhatHasATime, "do_what_is_due", noted)
        monkeypatch.setattr(at_each_moment.time, "sleep", sleep)
        monkeypatch.setattr(at_each_moment, "close_old_connections", lambda: None)
        clock(start)
        moments = at_each_moment.WhatHasATime()
        with guarded():
            at_each_moment.publish_at_each_moment(lambda: timezone.now() < end, moments)
        return done

    return passes


@pytest.mark.fault("timers gone")
def test_what_starts_and_ends_does_so_in_its_second(
    passing, article, editor, chief_editor, acknowledges
):
    starts, ends = NINE + timedelta(seconds=7.25), NINE + timedelta(seconds=20)
    approved_by_two(editor, chief_editor, version(article, starts, expire_at=ends))
    assert passing(NINE, NINE + timedelta(seconds=10)) == [starts]
    assert stored(article).live
    assert passing(NINE + timedelta(seconds=10), NINE + MINUTE) == [ends]
    assert not stored(article).live
    acknowledges(2, lost=0)


# What waits


def test_who_can_answer_is_reminded_after_one_working_day_and_the_sender_after_three(
    at, clock, article, editor, chief_editor
):
    send(editor, [version(article, None)])
    sent = timezone.now()
    assert at(sent + timedelta(days=2)) == []  # Sunday
    assert at(sent + timedelta(days=3)) == ["Påminnelse: ”Valet” väntar"]
    assert mail.outbox[0].to == ["cecilia@example.org"]
    assert body() == "”Valet” har väntat på godkännande sedan fredag kl. 08.15."
    assert at(sent + timedelta(days=3, minutes=1)) == []
    assert at(sent + timedelta(days=4)) == []
    assert at(sent + timedelta(days=5)) == ["Påminnelse: ”Valet” väntar"]
    assert mail.outbox[0].to == ["cecilia@example.org", "rolf@example.org"]
    assert at(sent + timedelta(days=20)) == []


def test_the_service_of_each_moment_reminds_too(
    passing, article, editor, chief_editor, django_capture_on_commit_callbacks
):
    send(editor, [version(article, None)])
    monday = timezone.now() + timedelta(days=3)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        passing(monday, monday + 3 * MINUTE)
    assert [letter.subject for letter in mail.outbox] == ["Påminnelse: ”Valet” väntar"]


def test_what_nobody_answers_in_thirty_days_is_a_draft_again(
    at, clock, article, editor, chief_editor
):
    send(editor, [version(article, None)])
    sent = timezone.now()
    at(sent + timedelta(days=29))
    assert at(sent + timedelta(days=30)) == ["Ingen godkände ”Valet” i tid"]
    assert mail.outbox[0].to == ["rolf@example.org"]
    assert open_submission_of(article) is None
    assert at(sent + timedelta(days=31)) == []


def test_a_start_that_passes_without_approval_starts_nothing(
    at, clock, article, editor, chief_editor
):
    start = NINE + timedelta(hours=3)
    send(editor, [version(article, start)])
    assert at(start - timedelta(hours=2, minutes=1)) == []
    assert at(start - timedelta(hours=2)) == ["Bråttom: ”Valet” saknar godkännande"]
    assert body() == (
        "”Valet” ska ut kl. 12.00 men bara Rolf Redaktör har godkänt. Utan en person till "
        "publiceras den inte."
    )
    assert at(start - timedelta(hours=1)) == []
    assert at(start) == ["Publicerades inte: ”Valet”"]
    assert mail.outbox[0].to == ["cecilia@example.org", "rolf@example.org"]
    assert open_submission_of(article) is None
    assert at(start + MINUTE) == []
    assert not stored(article).live


def test_emergencies_are_told_of_at_eight_each_morning_until_they_are_reviewed(
    at, clock, article, editor, chief_editor
):
    clock(NINE - timedelta(hours=7))
    put_out_in_emergency(chief_editor, [version(article, None)], "Fara för människors liv")
    assert at(NINE - timedelta(hours=1, minutes=1)) == []
    for day in (0, 1):
        eight = NINE - timedelta(hours=1) + timedelta(days=day)
        assert at(eight) == ["Fortfarande inte granskat: ”Valet”"]
        assert at(eight + MINUTE) == []


def test_working_days_are_monday_to_friday():
    for start, end, days in [
        ("2026-11-27 16:00", "2026-11-30 15:59", 0),
        ("2026-11-27 16:00", "2026-11-30 16:00", 1),
        ("2026-11-28 12:00", "2026-11-29 13:00", 0),
        ("2026-11-23 10:00", "2026-11-26 10:00", 3),
        ("2026-11-23 10:00", "2026-11-25 09:00", 1),
    ]:
        moments = (timezone.make_aware(datetime.fromisoformat(each)) for each in (start, end))
        assert working_days_between(*moments) == days
