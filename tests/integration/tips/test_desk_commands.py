"""What those who run the desk do without a browser: status, notice, self-test."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from tests.acts import act_now
from tips.handling import alarm, events, steps
from tips.keeping import intake
from tips.management.commands import tips_notice, tips_selftest
from tips.models import Event, Tip
from tips.sealing import age, fingerprint
from tips.sealing.reference import reference_of

from .commands import fault, said

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DECISION = "RA-MS 2026:12"


@pytest.fixture
def spam(tip_channel, handler):
    """A tip that is marked as spam."""
    tip_id = intake.leave({"text": "Köp våra klockor!"}, received_on=date(2026, 11, 3))
    steps.open_tip(tip_id, "tipsmottagare")
    act_now("tipsmottagare", "spam", tip_id, "advertising")
    return tip_id


# tips_status


def test_status_tells_numbers_keyring_room_and_the_last_sum(spam, tip_channel):
    intake.leave({"text": "Ett till."}, received_on=date(2026, 11, 3))
    text = said("tips_status")
    assert "Tips: 2" in text
    assert "  2026-11-03: 2" in text
    for row in fingerprint.word_rows(tip_channel.trust.ring.hash):
        assert row in text
    assert "Ledigt utrymme:" in text
    assert f"Sista kontrollsumman: {events.last_event().hash}" in text


def test_status_works_without_a_keyring_and_without_tips(settings, tip_channel):
    tip_channel.keyring_path.unlink()
    text = said("tips_status")
    assert "Tips: 0" in text
    assert "finns inte" in text


def test_a_log_that_is_whole_passes(spam):
    first = Event.objects.order_by("seq").first().hash
    assert "Händelseloggen är hel: 3 händelser." in said("tips_status", "--verify")
    said("tips_status", "--verify", "--expect", first.upper())


def test_the_first_broken_link_is_named(spam):
    Event.objects.filter(seq=2).update(actor="annan")
    text = fault("tips_status", "--verify")
    assert text.startswith("Händelseloggen är bruten.")
    assert " 2 " in text.replace(":", " ").replace(".", " ")


def test_a_log_that_was_made_anew_is_found_out_by_a_sum_noted_before(spam):
    noted = events.last_event().hash
    Event.objects.all().delete()
    Tip.objects.update(version=0, state="received", state_on=date(2026, 11, 3), statement="")
    steps.take_in_new()
    said("tips_status", "--verify")
    text = fault("tips_status", "--verify", "--expect", noted)
    assert "den har bytts ut eller kortats" in text


@pytest.fixture
def with_photo(tip_channel):
    return intake.leave({"text": "Bilden visar bryggan."}, [("brygga.jpg", "image/jpeg", b"bild")])


def _destroy_head(folder):
    (folder / "heads").write_bytes(b"age-encryption.org/v1\n")


def _put_in_another_photo(folder):
    (folder / "5f0c2a1e-8a44-4b7e-9a53-0d3e3c3b2a11.age").write_bytes(
        next(folder.glob("*-*.age")).read_bytes()
    )


def test_every_file_of_a_tip_is_looked_at(with_photo, tip_channel, subtests):
    for damage in [
        lambda folder: next(folder.glob("*-*.age")).unlink(),
        lambda folder: (folder / "heads").unlink(), _destroy_head, _put_in_another_photo,
    ]:  # fmt: skip
        with subtests.test(damage=damage):
            assert "De förseglade tipsen är de som togs emot." in said("tips_status", "--verify")
            folder = tip_channel.vault.folder(with_photo)
            whole = {path: path.read_bytes() for path in folder.iterdir()}
            damage(folder)
            text = fault("tips_status", "--verify")
            assert reference_of(with_photo) in text
            assert "är inte det som togs emot" in text
            for path, octets in whole.items():
                path.write_bytes(octets)


def test_a_tip_that_the_desks_own_service_exchanged_after_it_was_read_is_named(
    with_photo, tip_channel
):
    """It can seal to the public keyring, delete a file, and once could make the row agree."""
    noted = _read_by("tipsmottagare", with_photo)
    folder = tip_channel.vault.folder(with_photo)
    next(folder.glob("*-*.age")).unlink()
    for name in ("heads", "body.age"):
        (folder / name).write_bytes(age.seal(b"{}", [tip_channel.identity.recipient]))
    Tip.objects.filter(pk=with_photo).update(files_digest=tip_channel.vault.digest(with_photo))

    text = fault("tips_status", "--verify", "--expect", noted)

    first = Event.objects.get(tip_id=with_photo, verb="received").seq
    assert f"Innehållet i tipset i händelse {first} är inte det som togs emot." in text
    assert f"Tips {reference_of(with_photo)} ({with_photo})." in text


def _read_by(actor, tip_id):
    """The hash that somebody then notes on paper."""
    steps.open_tip(tip_id, actor)
    return said("tips_status", "--verify").splitlines()[-1].rpartition(" ")[2]


def test_an_expected_sum_without_verifying_is_a_mistake(tip_channel):
    assert "hör ihop med --verify" in fault("tips_status", "--expect", "ab")


# tips_notice


@pytest.fixture
def at(monkeypatch):
    def set_clock(hour, minute, day=25):
        now = datetime(2026, 11, day, hour, minute, tzinfo=STOCKHOLM)
        monkeypatch.setattr(tips_notice, "localtime", lambda: now)

    return set_clock


@pytest.fixture
def reachable(settings):
    settings.TIPS_NOTICE_TO = ["tove@example.org", "kollega@example.org"]
    get_user_model().objects.create_user("redaktor", email="redaktor@example.org")


@pytest.fixture
def unread(tip_channel):
    return intake.leave({"text": "Hemligt innehåll"})


def test_handlers_are_told_at_a_fixed_time_that_there_is_something_unread(unread, reachable, at):
    at(7, 45)
    assert said("tips_notice") == "Mejl skickat till 2 adresser.\n"
    assert {tuple(message.to) for message in mail.outbox} == {
        ("tove@example.org",),
        ("kollega@example.org",),
    }
    assert {message.subject for message in mail.outbox} == {"Det finns olästa tips"}
    assert {message.body for message in mail.outbox} == {"Det finns olästa tips.\n"}


def test_nothing_is_said_at_other_times(unread, reachable, at, subtests):
    for hour, minute in [(7, 39), (8, 21), (12, 0), (13, 30), (17, 21), (3, 0)]:
        with subtests.test(hour=hour):
            at(hour, minute)
            assert "Det är inte dags" in said("tips_notice")
            assert mail.outbox == []


def test_it_is_said_once_each_time(unread, reachable, at):
    for hour, minute in ((7, 50), (8, 0), (8, 20), (12, 40), (13, 0), (16, 40), (17, 20)):
        at(hour, minute)
        said("tips_notice")
    at(8, 0, day=26)
    said("tips_notice")
    assert len(mail.outbox) == 4 * 2


def test_what_is_read_is_not_told_of(unread, reachable, at):
    steps.open_tip(unread, "tipsmottagare")
    at(8, 0)
    said("tips_notice")
    assert mail.outbox == []


@pytest.mark.fault("mail gone")
def test_a_mail_server_that_is_down_is_said_and_tried_again(
    unread, reachable, at, monkeypatch, acknowledges
):
    class Down:
        def __enter__(self):
            raise ConnectionRefusedError(111, "Connection refused")

        def __exit__(self, *_): ...

    at(8, 0)
    with monkeypatch.context() as broken:
        broken.setattr(tips_notice, "get_connection", Down)
        assert "e-postservern svarar inte" in fault("tips_notice")
    said("tips_notice")
    acknowledges(2, lost=2 - len(mail.outbox))


def test_where_nobody_is_to_be_told_that_is_a_fault_somebody_must_see(unread, handler, at):
    at(8, 0)
    assert "SAPO_TIPS_NOTICE_TO säger inte vem" in fault("tips_notice")


# tips_alarm


def test_the_one_on_duty_is_called_each_morning_of_the_keyrings_last_week(
    tip_channel, settings, monkeypatch
):
    settings.TIPS_ALARM_COMMAND = ["call"]
    calls = []
    monkeypatch.setattr(alarm, "call_duty", calls.append)
    ring = tip_channel.trust.ring

    def called(left, *hours):
        last = date(2026, 11, 25) + timedelta(days=left)
        made_on = last - timedelta(days=150)
        tip_channel.trust.put(replace(ring, made_on=made_on, not_after=last, file=b""))
        calls.clear()
        for hour, minute in hours:
            now = datetime(2026, 11, 25, hour, minute, tzinfo=STOCKHOLM)
            monkeypatch.setattr(alarm, "localtime", lambda when=now: when.astimezone(STOCKHOLM))
            monkeypatch.setattr(alarm.time, "time", now.timestamp)
            said("tips_alarm")
        return len(calls)

    morning = [(0, 30), (7, 58), (8, 0), (8, 2), (23, 58)]
    assert called(7, *morning) == 0
    assert called(6, *morning) == 1
    tip_channel.vault.listener.unlink()
    assert called(-3, *morning) == 1
    assert called(-3, *morning[-1:]) == 0


# tips_selftest


@pytest.fixture
def sound(tip_channel, monkeypatch):
    """The server's own start, which changes the process it runs in, is tried on its own."""
    monkeypatch.setattr(tips_selftest, "_server", lambda: "Servern går att starta.")
    tip_channel.vault.begin().discard()
    return tip_channel


def test_a_sound_channel_passes_every_point_without_any_key(sound):
    text = said("tips_selftest")
    lines = text.splitlines()
    assert lines[-1] == "Alla 7 punkter håller."
    assert all(line.startswith("ok   ") for line in lines[:-1])
    assert "Det som förseglas till nyckelringen går att öppna." in text


def test_the_self_test_leaves_no_tip(sound):
    said("tips_selftest")
    assert not Tip.objects.exists()
    assert list(sound.vault.tips()) == []
    assert list((sound.root / "tips" / "incoming").iterdir()) == []


def _failing():
    """The points that fail."""

    from django.core.management import CommandError, call_command

    out = io.StringIO()
    with pytest.raises(CommandError, match="punkter håller inte"):
        call_command("tips_selftest", stdout=out)
    return [line.removeprefix("FEL  ") for line in out.getvalue().splitlines() if line[:3] == "FEL"]


def test_a_missing_keyring_fails(sound):
    sound.keyring_path.unlink()
    assert "finns inte" in _failing()[0]
