from datetime import UTC, date, datetime

import pytest
from django.utils.timezone import localdate

from pages.content.publishing.dating import content_of, date_of_change, on_day
from tests.tables import every_row

EARLIER = date(2024, 3, 21)


def test_first_publishing_gives_today():
    assert date_of_change(published=None, now={"title": "A"}, changed_on=None) == localdate()


def test_changed_text_gives_today():
    now = {"title": "B"}
    assert date_of_change(published={"title": "A"}, now=now, changed_on=EARLIER) == localdate()


def test_minor_change_keeps_the_date():
    now = {"title": "B", "is_minor_change": True}
    assert date_of_change(published={"title": "A"}, now=now, changed_on=EARLIER) == EARLIER


def test_minor_change_on_first_publishing_gives_today():
    now = {"title": "B", "is_minor_change": True}
    assert date_of_change(published=None, now=now, changed_on=None) == localdate()


def test_date_given_by_hand_wins():
    now = {"title": "A", "given_changed_on": "2024-03-21", "is_minor_change": True}
    assert date_of_change(published=None, now=now, changed_on=None) == EARLIER


def test_publishing_again_without_change_keeps_the_date():
    published = {"title": "A", "latest_revision": 1, "last_published_at": "2024-03-21T10:00:00Z"}
    now = {"title": "A", "latest_revision": 2, "last_published_at": "2026-11-25T10:00:00Z"}
    assert date_of_change(published=published, now=now, changed_on=EARLIER) == EARLIER


def test_moved_page_has_the_same_content():
    assert content_of({"title": "A", "path": "0001", "url_path": "/a/"}) == content_of(
        {"title": "A", "path": "0002", "url_path": "/b/a/"}
    )


# Who, when, and how it is being published: `BOOKKEEPING` holds each of them.
@pytest.mark.parametrize(
    "name",
    [
        "alias_of", "approved_schedule", "changed_on", "comments", "content_type", "depth",
        "draft_title", "expire_at", "expired", "first_published_at", "given_changed_on",
        "go_live_at", "has_unpublished_changes", "is_minor_change", "last_published_at",
        "latest_revision", "latest_revision_created_at", "live", "live_revision", "locale",
        "locked", "locked_at", "locked_by", "numchild", "owner", "path", "pk", "show_in_menus",
        "sort_order", "translation_key", "url_path", "wagtail_admin_comments",
    ],
)  # fmt: skip
def test_what_a_revision_says_of_itself_is_no_content(name):
    published, now = {"title": "A", name: "1"}, {"title": "A", name: "2"}
    assert content_of(published) == content_of(now) == {"title": "A"}


@every_row("name", ["title", "slug", "seo_title", "search_description", "lead"])
def test_what_readers_and_search_engines_meet_is_content(name):
    assert content_of({name: "1"}) != content_of({name: "2"})


def test_same_blocks_written_otherwise_are_the_same_content():
    assert content_of({"body": '[{"type":"prose","value":"x"}]'}) == content_of(
        {"body": '[{"type": "prose", "value": "x"}]'}
    )


def test_a_single_value_written_otherwise_is_the_same_content():
    assert content_of({"body": '{"value":"x"}'}) == content_of({"body": '{"value": "x"}'})


def test_another_word_in_a_block_is_another_content():
    one, other = (f'[{{"type": "prose", "value": "{word}"}}]' for word in ("x", "y"))
    assert content_of({"body": one}) != content_of({"body": other})


def test_text_that_only_begins_as_blocks_do_is_compared_as_it_is():
    assert content_of({"lead": "[sic] a"}) != content_of({"lead": "[sic] b"})


def test_another_topic_is_another_content():
    one = {"page_topics": [{"pk": 1, "page": 5, "topic": 1}]}
    same = {"page_topics": [{"pk": 9, "page": 5, "topic": 1}]}
    other = {"page_topics": [{"pk": 1, "page": 5, "topic": 2}]}
    assert content_of(one) == content_of(same) != content_of(other)


def test_a_topic_is_the_same_on_a_copy_of_the_page():
    one = {"page_topics": [{"pk": 1, "page": 5, "topic": 1}]}
    copied = {"page_topics": [{"pk": None, "page": 8, "topic": 1}]}
    assert content_of(one) == content_of(copied)


def test_what_the_editor_does_to_a_text_that_is_only_opened_is_no_change():
    stored = '<p>Se <a id="4" linktype="page">oss</a>.</p>\n<ul><li>a</li></ul>'
    opened = (
        '<p data-block-key="x1y2z">Se <a linktype="page" id="4">oss</a>.</p>'
        '<ul><li data-block-key="k9">a</li></ul>'
    )
    assert content_of({"body": stored}) == content_of({"body": opened})


def test_another_link_in_a_text_is_a_change():
    here, there = (f'<p><a linktype="page" id="{key}">oss</a></p>' for key in (4, 5))
    assert content_of({"body": here}) != content_of({"body": there})


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
