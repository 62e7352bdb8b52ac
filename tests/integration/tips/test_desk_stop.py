"""Stopping a handler: two others, or one signer, at once; it only takes away, and not for long."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import localdate

from tests.acts import act_now
from tests.desk_refusals import refusal
from tests.handlers import ask_desk, desk_login, is_in, signed_login
from tests.rings import SIGNER_KEYS, handler_key, stands_in_keyring
from tests.stops import by_handlers, by_signer, sign_at_desk, signed_by, stop_text
from tests.tables import every_row
from tips.handling import handlers, steps, stopping
from tips.handling.handlers import handler_now
from tips.keeping import intake
from tips.keeping.present_keyring import rings_now
from tips.management.commands import tips_notice
from tips.models import DeskSession, LaidStop
from tips.refusals import Refusal
from tips.sealing import stops

from .commands import fault, said

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

UNFIT = refusal(
    "Stoppet är inte underskrivet av två andra handläggare, eller av en undertecknare, som får göra det."
)
ONE, TWO = "tipsmottagare", "kollega"


@pytest.fixture(autouse=True)
def channel(tip_channel, handler, colleague):
    stands_in_keyring(tip_channel, "stoppas", "annan")
    return tip_channel


@pytest.fixture
def stopped_desk(channel):
    """The browser of the one who is to be stopped, with an open session."""
    return desk_login(Client(), "stoppas")


def _desk(handler_id):
    return desk_login(Client(), handler_id)


def _signs(handler_id, octets):
    return sign_at_desk(_desk(handler_id), octets, by_handlers(octets, handler_id))


def _stopped(octets=None, *ids):
    """Stops by these handlers, who have come to the desk."""
    octets = octets or stop_text()
    for each in ids or (ONE, TWO):
        assert _signs(each, octets).json() == {}
    return octets


def _file(folder, octets, signatures):
    (folder / "stop.json").write_bytes(octets)
    (folder / "stop.json.sig").write_bytes(signatures)
    return folder / "stop.json"


def test_one_handler_stops_nobody(stopped_desk):
    octets = stop_text()
    assert _signs(ONE, octets).json() == {}
    assert _signs(ONE, octets).json() == {}
    assert is_in(stopped_desk)
    [seen] = ask_desk(_desk(TWO), "stopp/").json()["stops"]
    assert (seen["text"], seen["signatures"].count('"key"')) == (octets.decode(), 1)
    assert ask_desk(stopped_desk, "stopp/").json() == {"stops": []}, "who is to be stopped"


def test_two_handlers_end_an_open_session_at_the_next_request(stopped_desk, noted):
    _stopped()
    entries = [each for each in noted() if each["event"].startswith("stop")]
    assert [(each["event"], each["who"], each["whom"]) for each in entries] == [
        ("stop-proposed", ONE, "stoppas"), ("stopped", TWO, "stoppas"),
    ]  # fmt: skip
    response = ask_desk(stopped_desk, "ko/")
    assert (response.status_code, response.json()["error"]) == (401, "logged-out")
    assert not DeskSession.objects.filter(handler="stoppas").exists()


def test_who_is_stopped_comes_in_no_more_and_is_no_handler(channel):
    client, entry = Client(), handler_now("stoppas")
    login = signed_login(client, entry)
    _stopped()
    response = ask_desk(client, "logga-in/", login)
    assert response.json() == {"error": "not-let-in"}
    assert not handlers.is_handler("stoppas")
    two = handler_now(ONE), handler_now("stoppas")
    assert handlers.why_not_two(*two, rings_now(), localdate()) is Refusal.PROPOSER_LEFT
    with pytest.raises(steps.Refused, match="Välj någon som tar emot tips"):
        act_now(
            ONE, "assign", steps.open_tip(intake.leave({"text": "Ett tips"}), ONE).pk, "stoppas"
        )


def test_a_session_that_the_database_kept_does_not_come_in(stopped_desk):
    kept = list(DeskSession.objects.filter(handler="stoppas"))
    _stopped()
    DeskSession.objects.bulk_create(kept)
    assert not is_in(stopped_desk)


@every_row(
    "octets, file",
    [
        (lambda: stop_text(ONE), lambda octets: by_handlers(octets, ONE)),
        (lambda: stop_text("kassaskap"), lambda octets: by_handlers(octets, ONE)),
        (stop_text, lambda octets: by_handlers(octets, TWO)),
        (stop_text, lambda octets: by_handlers(octets, ONE, TWO)),
        (stop_text, by_signer),
        (stop_text, lambda octets: signed_by(octets, handler_key(), kind="note")),
        (stop_text, lambda octets: signed_by(octets, handler_key(), kind="account")),
        (stop_text, lambda octets: signed_by(octets, handler_key(9))),
        (stop_text, lambda octets: by_handlers(octets, ONE).replace(b'"mldsa65":"', b'"mldsa65":"A')),
        (stop_text, lambda octets: by_handlers(octets, ONE)[:200]),
        (lambda: stop_text(reason="arg"), lambda octets: by_handlers(octets, ONE)),
        (lambda: stop_text()[:-1], lambda octets: by_handlers(octets, ONE)),
    ],
    [
        "oneself", "no handler", "another's half", "both at once", "a signer's", "kind note", "kind account",
        "a stranger", "half a signature", "cut off", "another reason", "another spelling",
    ],
    undone=["tips"],
)  # fmt: skip
def test_what_is_not_one_half_by_the_one_who_asks_is_refused(octets, file, at_desk):
    octets = octets()
    assert sign_at_desk(at_desk, octets, file(octets)).json() == UNFIT
    assert not LaidStop.objects.exists()


def test_a_note_is_no_half_of_a_stop(stopped_desk):
    """The second half is signed by the right key, as a note."""
    octets = stop_text()
    _signs(ONE, octets)
    key = handler_key(2)
    assert key.public == handler_now(TWO).key
    assert sign_at_desk(_desk(TWO), octets, signed_by(octets, key, kind="note")).json() == UNFIT
    assert is_in(stopped_desk)


def test_who_is_stopped_has_no_half_that_counts(channel):
    """What waits by them is no first half either: they might have signed it to stop whoever stops them."""
    octets = stop_text(TWO)
    theirs = by_handlers(octets, "stoppas")
    _signs("stoppas", octets)
    _stopped(stop_text(), ONE, "annan")
    assert ask_desk(_desk(ONE), "stopp/").json()["stops"][0]["text"] != octets.decode()
    _signs("annan", octets)
    with pytest.raises(stopping.StopRefused, match="Stoppet är inte underskrivet"):
        stopping.sign_stop(octets, theirs, "stoppas")
    assert handlers.is_handler(TWO)


def test_it_is_laid_on_its_day_and_no_other(at_desk):
    for days in (-2, 2):
        octets = stop_text(made_on=localdate() + timedelta(days=days))
        response = sign_at_desk(at_desk, octets, by_handlers(octets, ONE))
        assert response.json() == refusal(
            "Ett stopp läggs samma dag som det görs, eller dagen efter. Se efter att klockan går rätt, och gör det på nytt."
        )


def test_a_pair_has_one_stop_at_a_time_and_so_has_a_signer(channel, tmp_path):
    _stopped()
    octets = stop_text("annan")
    _signs(ONE, octets)
    assert _signs(TWO, octets).json() == refusal(
        "En undertecknare, och två handläggare tillsammans, har ett stopp åt gången: ert står redan."
    )
    assert handlers.is_handler("annan")
    said("tips_stop", _file(tmp_path, octets, by_signer(octets)))
    octets = stop_text(TWO)
    text = fault("tips_stop", _file(tmp_path, octets, by_signer(octets)))
    assert text.endswith("har ett stopp åt gången: ert står redan.")
    said("tips_stop", _file(tmp_path, octets, by_signer(octets, 1)))
    assert not handlers.is_handler(TWO)


def test_a_handler_has_one_half_that_waits(stopped_desk):
    octets = stop_text()
    _signs(ONE, octets)
    _signs(ONE, stop_text("annan"))
    _signs(TWO, octets)
    assert is_in(stopped_desk), "the first half was taken back by another"


def test_a_stop_that_is_laid_while_who_is_stopped_lays_a_half_stays(channel, monkeypatch):
    octets, other = stop_text(), stop_text("annan")
    _signs(ONE, octets)
    half, read = stopping._fit(other, by_handlers(other, "stoppas")), stopping.stops_now

    def read_before_it_is_laid():
        found = read()
        monkeypatch.setattr(stopping, "stops_now", read)
        _signs(TWO, octets)
        return found

    monkeypatch.setattr(stopping, "stops_now", read_before_it_is_laid)
    stopping._keep(half)

    assert stopping.stopped_now() == {"stoppas"}


def test_who_is_stopped_already_is_not_stopped_again(channel):
    _stopped()
    assert _signs(ONE, stop_text(reason="other")).json() == refusal(
        "Handläggaren är redan stoppad."
    )


def test_a_signer_stops_a_handler_by_a_file(stopped_desk, tmp_path, noted):
    octets = stop_text()
    text = said("tips_stop", _file(tmp_path, octets, by_signer(octets)))
    until = localdate() + stops.STANDS_FOR
    assert text == f"stoppas är stoppad till och med {until}: har slutat.\n"
    assert [(each["event"], each["whom"]) for each in noted()] == [("stopped", "stoppas")]
    assert not is_in(stopped_desk)


@every_row(
    "signatures",
    [
        lambda octets: by_handlers(octets, ONE),
        lambda octets: signed_by(octets, SIGNER_KEYS[3], kind="account"),
        lambda octets: signed_by(octets, SIGNER_KEYS[0], kind="step"),
        lambda octets: signed_by(octets, *SIGNER_KEYS[:2], kind="account"),
        lambda octets: by_handlers(octets, ONE, "stoppas"),
        lambda octets: by_handlers(octets, ONE, TWO, "annan"),
        lambda octets: b"",
    ],
)
def test_a_file_that_is_unfit_is_one_line_and_stops_nobody(signatures, tmp_path):
    octets = stop_text()
    assert fault("tips_stop", _file(tmp_path, octets, signatures(octets))).startswith(
        "Stoppet är inte"
    )
    assert fault("tips_stop", tmp_path / "annan.json").endswith("saknar en fil som hör till.")
    assert handlers.is_handler("stoppas")


def test_the_next_keyring_settles_it_and_it_is_not_laid_again(channel, tmp_path):
    file = _file(tmp_path, octets := stop_text(), by_signer(octets))
    said("tips_stop", file)
    channel.trust.follow()
    assert is_in(_desk("stoppas"))
    assert fault("tips_stop", file) == "Nyckelringen har ändrats. Börja om."
    assert handlers.is_handler("stoppas")


def test_rows_that_somebody_writes_in_the_database_stop_nobody(channel):
    octets = stop_text()
    LaidStop.objects.create(by="step a b", text=octets, signatures=by_handlers(octets, ONE))
    LaidStop.objects.create(by="step b c", text=octets, signatures=b"x")
    assert handlers.is_handler("stoppas")


def test_it_lapses_after_a_fortnight_with_a_mail_on_each_of_the_last_three_days(
    channel, settings, monkeypatch
):
    settings.TIPS_NOTICE_TO = ["tove@example.org"]
    _stopped()
    told = []
    for days in range(17):
        today = localdate() + timedelta(days=days)
        at = datetime.combine(today, time(8), ZoneInfo("Europe/Stockholm"))
        with monkeypatch.context() as later:
            later.setattr(tips_notice, "localtime", lambda at=at: at)
            later.setattr(stopping, "localdate", lambda today=today: today)
            said("tips_notice")
            assert handlers.is_handler("stoppas") is (days > 14)
        told += [days] * len(mail.outbox)
        for message in mail.outbox:
            assert message.subject == "Ett stopp går snart ut"
            assert message.body.startswith(
                f"stoppas är stoppad till och med {localdate() + timedelta(14)}."
            )
        mail.outbox.clear()
    assert told == [12, 13, 14]


def test_half_a_stop_waits_until_the_day_after(channel, monkeypatch):
    octets = stop_text()
    _signs(ONE, octets)
    for days, count in ((1, 1), (2, 0)):
        monkeypatch.setattr(
            stopping, "localdate", lambda days=days: localdate() + timedelta(days=days)
        )
        assert len(stopping.stops_now()) == count
