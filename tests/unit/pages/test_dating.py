from datetime import UTC, date, datetime

from django.utils.timezone import localdate

from pages.content.publishing.dating import date_of_change, on_day
from tests.tables import every_row

EARLIER = date(2024, 3, 21)


@every_row(
    ("now", "is_first", "becomes"),
    [
        ({}, True, localdate()),
        ({}, False, localdate()),
        ({"is_minor_change": True}, False, EARLIER),
        ({"is_minor_change": True}, True, localdate()),
        ({"given_changed_on": "2024-03-21", "is_minor_change": True}, True, EARLIER),
    ],
)
def test_a_changed_title_is_dated_by_what_its_editor_wishes(now, is_first, becomes):
    before = {"published": None, "changed_on": None}
    if not is_first:
        before = {"published": {"title": "A"}, "changed_on": EARLIER}
    assert date_of_change(now={"title": "B", **now}, **before) == becomes


def test_publishing_again_without_change_keeps_the_date():
    published = {"title": "A", "latest_revision": 1, "last_published_at": "2024-03-21T10:00:00Z"}
    now = {"title": "A", "latest_revision": 2, "last_published_at": "2026-11-25T10:00:00Z"}
    assert date_of_change(published=published, now=now, changed_on=EARLIER) == EARLIER


def _is_dated_anew(published: dict[str, object], now: dict[str, object]) -> bool:
    return date_of_change(published=published, now=now, changed_on=EARLIER) != EARLIER


@every_row(
    "name", ["path", "url_path", "expire_at", "go_live_at", "locale", "show_in_menus", "owner"]
)
def test_what_no_reader_of_the_page_sees_gives_no_new_date(name):
    assert not _is_dated_anew({"title": "A", name: "1"}, {"title": "A", name: "2"})


@every_row("name", ["title", "slug", "seo_title", "search_description", "lead"])
def test_what_readers_and_search_engines_meet_gives_a_new_date(name):
    assert _is_dated_anew({name: "1"}, {name: "2"})


@every_row(
    ("day", "moment", "told"),
    [
        # An hour after midnight in Stockholm it is the day before in UTC.
        (EARLIER, datetime(2024, 3, 20, 23, 30, tzinfo=UTC), "2024-03-21T00:30:00+01:00"),
        (EARLIER, datetime(2024, 3, 21, 23, 30, tzinfo=UTC), None),
        (EARLIER, None, None),
        (None, datetime(2024, 3, 21, 9, 0, tzinfo=UTC), None),
    ],
)
def test_moment_is_told_on_its_own_day_in_the_time_of_the_site(day, moment, told):
    found = on_day(day, moment)
    assert (found and found.isoformat()) == told
