"""What two persons have confirmed on the website stands above the tip form, in both languages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages.models import MessageType
from sapo_site import tip_messages
from sapo_site.tip_messages import have_arrived, is_shown_on_tip_page
from tests.factories import AlertFactory
from tests.newsroom import publish_by_two
from tips.wording.website_messages import messages_now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def exchange_dir(settings, tmp_path):
    settings.EXCHANGE_DIR = tmp_path / "exchange"
    return settings.EXCHANGE_DIR


@pytest.fixture
def put_out(editor, chief_editor, home, django_capture_on_commit_callbacks):
    def run(**fields):
        alert = AlertFactory(live=False, **fields)
        with django_capture_on_commit_callbacks(execute=True):
            publish_by_two(alert, editor, chief_editor)
        return alert

    return run


def _headings(language):
    return [each.heading for each in messages_now(language)]


def test_a_message_reaches_the_tip_form_without_a_handler_and_is_followed_there(client, put_out):
    first = put_out(heading="Stanna inomhus", heading_in_english="Stay indoors")
    assert _headings("sv") == ["Stanna inomhus"]
    assert _headings("en") == ["Stay indoors"]
    assert "Stanna inomhus" in client.get("/tipsa/").content.decode()
    put_out(heading="Faran är över", message_type=MessageType.ALL_CLEAR, follows=first)
    assert _headings("sv") == ["Faran är över"]
    assert have_arrived()


def test_a_message_in_several_lines_as_a_browser_sends_them_reaches_the_tip_form(put_out):
    alert = put_out(text="Stanna inomhus.\r\n\r\nLyssna på radion.", text_in_english="Stay.")
    assert is_shown_on_tip_page(alert)
    (shown,) = messages_now("sv")
    assert shown.text == "Stanna inomhus.\n\nLyssna på radion."


def test_what_is_on_its_way_this_very_moment_has_arrived(put_out, exchange_dir, monkeypatch):
    put_out(heading="Stanna inomhus")
    monkeypatch.setattr(tip_messages.exchange, "read_messages", list)
    # The sender's screen asks between the commit and the file; a moment later it is there.
    monkeypatch.setattr(tip_messages.time, "sleep", lambda _seconds: monkeypatch.undo())
    assert have_arrived()


def test_what_could_not_be_written_is_known(put_out, exchange_dir, monkeypatch):
    monkeypatch.setattr(tip_messages, "ON_ITS_WAY", 0)
    exchange_dir.write_text("no folder")
    put_out()
    assert not have_arrived()
    assert not messages_now("sv")


def test_it_is_known_before_that_the_form_would_not_show_a_message(home):
    assert is_shown_on_tip_page(AlertFactory.build(locale=home.locale))
    promising = AlertFactory.build(locale=home.locale, text="Du är helt anonym.")
    assert not is_shown_on_tip_page(promising)


def test_a_message_for_tomorrow_is_there_when_its_time_comes(put_out, monkeypatch):
    tomorrow = timezone.now() + timedelta(days=1)
    put_out(heading="I morgon", starts_at=tomorrow)
    assert _headings("sv") == []
    monkeypatch.setattr("tips.wording.website_messages.timezone.now", lambda: tomorrow)
    assert _headings("sv") == ["I morgon"]
