"""Press invitations say when and where, to readers, calendars and search engines."""

import json
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from pages.content.models import NewsPage
from pages.content.publishing.finished import UnfinishedPageError
from tests.calendar_rules import read_calendar
from tests.factories import NewsIndexPageFactory, NewsPageFactory

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TIMES = {
    "starts_at": datetime(2026, 3, 12, 10, 0, tzinfo=STOCKHOLM),
    "ends_at": datetime(2026, 3, 12, 11, 0, tzinfo=STOCKHOLM),
    "register_by": datetime(2026, 3, 9, 12, 0, tzinfo=STOCKHOLM),
}


@pytest.fixture
def index(home):
    return NewsIndexPageFactory(parent=home)


@pytest.fixture
def invitation(index):
    return invite(index)


def invite(index, **fields):
    given = {
        "kind": "press_invitation",
        "title": "Pressinbjudan: årsboken presenteras",
        "slug": "arsboken",
        "lead": "Vi presenterar årsboken; frågor besvaras.",
        "place": "Polhemsgatan 30, Stockholm",
        **TIMES,
        **fields,
    }
    page = NewsPageFactory(parent=index, live=False, **given)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def test_readers_see_when_and_where_above_the_text_and_can_put_it_into_their_calendar(
    client, invitation
):
    html = client.get(invitation.url).content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "Tid torsdag 12 mars 2026 10.00–11.00 Plats Polhemsgatan 30, Stockholm" in text
    assert "Anmäl dig senast måndag 9 mars 2026 12.00" in text
    assert f'<a href="{invitation.url}kalender.ics" download>Lägg till i din kalender</a>' in html


def test_the_calendar_file_is_valid_and_says_the_same(client, invitation):
    answer = client.get(f"{invitation.url}kalender.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="arsboken.ics"'
    said, faults = read_calendar(answer.content)
    assert faults == []
    assert said["DTSTART"] == "20260312T090000Z"
    assert said["DTEND"] == "20260312T100000Z"
    assert said["SUMMARY"] == "Pressinbjudan: årsboken presenteras"
    assert said["LOCATION"] == "Polhemsgatan 30, Stockholm"
    assert said["DESCRIPTION"] == (
        "Vi presenterar årsboken; frågor besvaras.\nAnmäl dig senast 9 mars 2026 12.00."
    )
    assert said["URL"] == f"http://testserver{invitation.url}"


def test_the_calendar_knows_the_invitation_again_when_it_has_changed(client, invitation):
    before, _faults = read_calendar(client.get(f"{invitation.url}kalender.ics").content)
    invitation.title = "Pressinbjudan: ny tid"
    invitation.slug = "ny-tid"
    invitation.save_revision().publish()
    invitation.refresh_from_db()
    after, _faults = read_calendar(client.get(f"{invitation.url}kalender.ics").content)
    assert after["UID"] == before["UID"]
    assert after["DTSTAMP"] >= before["DTSTAMP"]
    assert after["SUMMARY"] == "Pressinbjudan: ny tid"


def test_hostile_and_long_texts_stay_inside_their_lines(client, index):
    place = "Å" * 90 + "\\, ; och\r\nEND:VEVENT\x07 slut"
    page = invite(index, place=place, lead="Första\nraden " + "ö" * 300)
    said, faults = read_calendar(client.get(f"{page.url}kalender.ics").content)
    assert faults == []
    assert said["LOCATION"] == "Å" * 90 + "\\, ; och\nEND:VEVENT  slut"
    assert said["DESCRIPTION"].startswith("Första\nraden ööö")


def test_other_pages_and_drafts_have_no_calendar_file(client, index):
    news = NewsPageFactory(parent=index, place="Stockholm", **TIMES)
    draft = invite(index)
    draft.unpublish()
    for page in (news, draft, index):
        assert client.get(f"{page.url}kalender.ics").status_code == 404
    assert "kalender.ics" not in client.get(news.url).content.decode()


def test_search_engines_read_the_event(client, invitation):
    html = client.get(invitation.url).content.decode()
    (data,) = re.findall('<script type="application/ld\\+json">(.+?)</script>', html)
    (event,) = [each for each in json.loads(data)["@graph"] if each["@type"] == "Event"]
    assert event["startDate"] == "2026-03-12T10:00:00+01:00"
    assert event["endDate"] == "2026-03-12T11:00:00+01:00"
    assert event["location"] == {
        "@type": "Place",
        "name": "Polhemsgatan 30, Stockholm",
        "address": "Polhemsgatan 30, Stockholm",
    }
    assert event["organizer"]["name"] == "Säkerhetspolisen"


def test_an_invitation_that_says_too_little_is_kept_as_a_draft_but_not_published(index, admin):
    for wrong, sentence in [
        ({"starts_at": None}, "En pressinbjudan ska säga när träffen börjar och var den hålls"),
        ({"place": ""}, "En pressinbjudan ska säga när träffen börjar och var den hålls"),
        ({"ends_at": TIMES["register_by"]}, "Sluttiden måste vara senare än starttiden"),
        ({"register_by": TIMES["ends_at"]}, "Sista tid för anmälan måste vara före starttiden"),
    ]:
        page = NewsPageFactory(
            parent=index,
            live=False,
            **{"kind": "press_invitation", "place": "Stockholm", **TIMES, **wrong},
        )
        revision = page.save_revision()
        with pytest.raises(UnfinishedPageError, match=sentence):
            revision.publish(user=admin)
        assert not NewsPage.objects.get(pk=page.pk).live


@pytest.mark.django_db
def test_other_news_need_no_time_and_place():
    NewsPage(kind="news").refuse_faults()
    with pytest.raises(ValidationError):
        NewsPage(kind="press_invitation").refuse_faults()
