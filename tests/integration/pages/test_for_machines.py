"""Nivån och viktiga meddelanden för andra program: Atom och JSON."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree

from pages.content.models import Alert, MessageType
from pages.newsroom.proposals import make_proposal
from pages.public.store import editions, wsgi
from tests.atom import faults_in
from tests.factories import AlertFactory, ThreatLevelDecisionFactory, ThreatLevelPageFactory
from tests.newsroom import approved_by_two

from .store_reader import a_reader

ADDRESSES = ("/terrorhotniva.json", "/terrorhotniva.atom", "/meddelanden.json", "/meddelanden.atom")
WORDS = {
    "heading": "Stanna inomhus", "text": "Ett larm <pågår>.\x0b",
    "heading_in_english": "Stay indoors", "text_in_english": "An alarm is going on.",
}  # fmt: skip

pytestmark = pytest.mark.django_db


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.fixture
def level_pages(section, english_home):
    return (
        ThreatLevelPageFactory(parent=section),
        ThreatLevelPageFactory(parent=english_home, locale=english_home.locale, slug="level"),
    )


@pytest.fixture
def decisions(level_pages):
    first = ThreatLevelDecisionFactory(level=4, decided_at=_at(2023, 8, 17, 9, 30))
    wrong = ThreatLevelDecisionFactory(level=2)
    right = ThreatLevelDecisionFactory(level=3, corrects=wrong, text="Vi skrev fel siffra.")
    return first, wrong, right


@pytest.fixture
def say(home, english_home, editor, chief_editor):
    """Puts a message out, by two persons."""

    def out(**more):
        draft = AlertFactory(live=False, **{**WORDS, **more})
        approved_by_two(editor, chief_editor, draft.save_revision())
        return Alert.objects.get(pk=draft.pk)

    return out


def _valid(client, address: str):
    """What an address gives as JSON, which holds by the schema that it names."""
    data = client.get(address).json()
    schema = client.get(data["$schema"].removeprefix("http://testserver")).json()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(data)
    return data


def _entries(client, address: str):
    answer = client.get(address)
    assert faults_in(answer.content) == []
    return etree.fromstring(answer.content).findall("{*}entry")


# The level


def test_the_level_as_json_holds_by_its_schema_and_says_under_which_licence(client, decisions):
    data = _valid(client, "/terrorhotniva.json")
    assert data["level"] == 3
    assert data["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert data["url"]["en"] == "http://testserver/en/level/"
    assert data["corrects"] == decisions[1].pk


def test_the_feed_of_the_level_says_what_was_wrong_in_both_languages(client, decisions):
    titles = [each.findtext("{*}title") for each in _entries(client, "/terrorhotniva.atom")]
    assert titles == [
        "Rättelse: 3 – Förhöjt hot", "Det här beslutet var fel: 2 – Begränsat hot", "4 – Högt hot"
    ]  # fmt: skip
    titles = [each.findtext("{*}title") for each in _entries(client, "/en/terrorhotniva.atom")]
    assert titles[1] == "This decision was wrong: 2 – Limited threat"
    entry = _entries(client, "/terrorhotniva.atom")[1]
    assert entry.findtext("{*}summary").startswith("Rätt är: 3, Förhöjt hot.")


def test_a_decision_ahead_is_nowhere_before_its_hour(client, decisions, monkeypatch):
    ThreatLevelDecisionFactory(level=5, decided_at=timezone.now() + timedelta(hours=2))
    assert _valid(client, "/terrorhotniva.json")["level"] == 3
    assert len(_entries(client, "/terrorhotniva.atom")) == 3
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(hours=2))
    assert _valid(client, "/terrorhotniva.json")["level"] == 5
    assert len(_entries(client, "/terrorhotniva.atom")) == 4


# The messages


def test_a_message_stands_in_both_forms_in_both_languages(client, say):
    ends_at = (timezone.now() + timedelta(hours=3)).replace(second=0, microsecond=0)
    message = say(level="danger", ends_at=ends_at)
    data = _valid(client, "/meddelanden.json")["messages"][0]
    assert data["heading"] == {"sv": "Stanna inomhus", "en": "Stay indoors"}
    assert (data["type"], data["is_shown"]) == ("new", True)
    for prefix, title, words in (
        ("", "Stanna inomhus", "Ett larm &lt;pågår&gt;. "),
        ("/en", "Stay indoors", "An alarm is going on."),
    ):
        entry = _entries(client, f"{prefix}/meddelanden.atom")[0]
        assert entry.findtext("{*}title") == title
        of_language = prefix.strip("/") or "sv"
        name = f"tag:testserver,2026:{of_language}/{message.identifier}"
        assert entry.findtext("{*}id") == name
        assert entry.findtext("{*}summary").startswith(words)
    assert datetime.fromisoformat(data["ends_at"]) == ends_at
    assert data["url"] == {"sv": "http://testserver/", "en": "http://testserver/en/"}


def test_what_follows_a_message_names_it_and_is_named_by_it(client, say):
    first = say()
    correction = say(
        heading="Stanna inne", message_type=MessageType.CORRECTION, follows=first,
        what_was_wrong="Platsen var fel.", what_was_wrong_in_english="The place was wrong.",
    )  # fmt: skip
    over = say(heading="Faran är över", message_type=MessageType.ALL_CLEAR, follows=correction)
    data = _valid(client, "/meddelanden.json")["messages"]
    assert [each["type"] for each in data] == ["all_clear", "correction", "new"]
    assert [each["is_shown"] for each in data] == [True, False, False]
    assert [each["followed_by"] for each in data] == [
        None, over.identifier, correction.identifier
    ]  # fmt: skip
    assert [each["follows"] for each in data] == [correction.identifier, first.identifier, None]
    entry = _entries(client, "/meddelanden.atom")[1]
    assert entry.findtext("{*}title") == "Rättelse: Stanna inne"
    assert entry.findtext("{*}summary").startswith("Platsen var fel.")


def test_a_message_that_was_changed_where_it_stands_says_when_and_keeps_its_name(
    client, say, editor, chief_editor, monkeypatch
):
    message = say()
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(minutes=5))
    message.heading = "Stanna hemma"
    approved_by_two(editor, chief_editor, message.save_revision())
    [said] = _valid(client, "/meddelanden.json")["messages"]
    assert (said["identifier"], said["heading"]["sv"]) == (message.identifier, "Stanna hemma")
    assert said["said_at"] > said["first_said_at"]
    [entry] = _entries(client, "/meddelanden.atom")
    assert entry.findtext("{*}updated") > entry.findtext("{*}published")


def test_what_has_not_begun_or_is_withdrawn_is_in_none_of_them(client, say, editor, chief_editor):
    message = say(starts_at=timezone.now() + timedelta(hours=1))
    assert _valid(client, "/meddelanden.json")["messages"] == []
    assert _entries(client, "/meddelanden.atom") == []
    message = say()
    approved_by_two(editor, chief_editor, make_proposal("withdraw", message, {}, editor))
    assert _valid(client, "/meddelanden.json")["messages"] == []


# How they are given


def test_every_page_leads_programs_to_them(client, decisions, level_pages):
    for address, prefix in (("/", ""), (level_pages[1].url, "/en")):
        head = client.get(address).content.decode().partition("</head>")[0]
        for form in ADDRESSES:
            assert f'href="{prefix}{form}"' in head


def test_no_cache_on_the_way_keeps_them_longer_than_pages(client, decisions):
    of_a_page = client.get("/")["Cache-Control"]
    for address in ADDRESSES:
        assert client.get(address)["Cache-Control"] == of_a_page


@pytest.fixture
def reader(monkeypatch, settings, tmp_path):
    settings.EDITION_DIR = tmp_path / "edition"
    settings.EDITION_URL = "http://testserver"
    with a_reader(monkeypatch) as reader:
        yield reader


def test_who_has_them_is_told_that_nothing_has_changed_until_something_does(reader, decisions, say):
    for address in ADDRESSES:
        tag = reader.get(address).headers["ETag"]
        assert reader.get(address, HTTP_IF_NONE_MATCH=tag).status == 304
        ThreatLevelDecisionFactory(level=5, decided_at=timezone.now())
        say()
        assert reader.get(address, HTTP_IF_NONE_MATCH=tag).status == 200


def test_they_lie_there_as_files_in_the_moment_of_the_change_and_stand_without_a_database(
    reader, decisions, say, monkeypatch, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        say(heading="Stanna hemma")
    edition = editions.Edition.current()
    for address in ("/", "/en/", "/verksamheten/", *ADDRESSES):
        assert edition.has(address), address
    monkeypatch.setattr(wsgi.watch, "is_blind", True)
    for address in ("/meddelanden.json", "/meddelanden.atom"):
        answer = reader.get(address)
        assert "Stanna hemma" in answer.html
    assert reader.get("/meddelanden.json").headers["Access-Control-Allow-Origin"] == "*"
