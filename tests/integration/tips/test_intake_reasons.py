"""Why a tip cannot be taken in now, and what is taken in all the same."""

import io
import secrets
import uuid
from types import SimpleNamespace

import pytest

from tips.keeping import intake, present_keyring
from tips.keeping.vault import Vault
from tips.sealing import trust_folder

from .sending import TEXT, opened

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

FIELDS = {"text": TEXT, "subject": "hot"}


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _delivery():
    return intake.Delivery(uuid.uuid4(), secrets.token_bytes(32))


def _fails(error):
    def fail(*_words, **_more):
        raise error

    return fail


def _reason(act, *words):
    with pytest.raises(intake.Closed) as closed:
        act(*words)
    assert str(closed.value) == closed.value.reason
    return closed.value.reason


def test_a_tip_needs_room_beside_what_is_to_stay_free(monkeypatch, settings):
    settings.TIPS_RESERVE_BYTES = 1000
    monkeypatch.setattr(Vault, "free_bytes", lambda vault: 1500)
    intake.check_open()
    intake.check_open(500)
    assert _reason(intake.check_open, 501) == "space"
    assert _reason(intake.Delivery, uuid.uuid4(), b"", 501) == "space"
    monkeypatch.setattr(Vault, "free_bytes", lambda vault: 999)
    assert _reason(intake.check_open) == "space"


@pytest.mark.parametrize("at", ["free_bytes", "begin"])
def test_a_disk_that_fails_closes_the_intake(monkeypatch, at):
    monkeypatch.setattr(Vault, at, _fails(OSError(5, TEXT)))
    assert _reason(_delivery) == "disk"


def test_a_form_sent_again_is_not_acknowledged_for_a_tip_that_is_not_whole(tip_channel):
    key = secrets.token_bytes(32)
    with intake.Delivery(uuid.uuid4(), key) as delivery:
        tip_id = delivery.hand_in(FIELDS, "sv")
    (tip_channel.vault.folder(tip_id) / "body.age").unlink()
    with intake.Delivery(tip_id, key) as delivery:
        assert _reason(delivery.hand_in, FIELDS, "sv") == "disk"


def test_a_form_sent_again_is_not_acknowledged_for_one_that_is_taken_back(tip_channel, monkeypatch):
    key = secrets.token_bytes(32)
    with intake.Delivery(uuid.uuid4(), key) as delivery:
        tip_id = delivery.hand_in(FIELDS, "sv")
    held = Vault.held

    def held_when_it_has_been_taken_back(vault, tip_id):
        vault.remove(tip_id)
        return held(vault, tip_id)

    monkeypatch.setattr(Vault, "held", held_when_it_has_been_taken_back)
    with intake.Delivery(tip_id, key) as delivery:
        assert _reason(delivery.hand_in, FIELDS, "sv") == "database"


# What is taken in


def test_head_and_body_both_say_what_was_left(tip_channel):
    tip_id = intake.leave(FIELDS, [("a.txt", "text/plain", b"a")], language="en")
    tip = opened(tip_channel, tip_id)
    assert tip["id"] == tip["head"]["id"] == str(tip_id)
    assert tip["received"] == tip["head"]["received"]
    assert tip["head"]["attachments"] == 1
    assert tip["head"]["subject"] == "hot"
    assert [(each["name"], each["type"]) for each in tip["attachments"]] == [
        ("a.txt", "text/plain")
    ]


def test_large_files_are_read_in_small_pieces(tip_channel):
    asked = []

    class Film(io.BytesIO):
        def read(self, size=-1):
            asked.append(size)
            return super().read(size)

    tip_id = intake.leave(FIELDS, [("film.mov", "video/quicktime", Film(b"x" * 200_000))])
    assert opened(tip_channel, tip_id)["files"] == {"film.mov": b"x" * 200_000}
    assert set(asked) == {64 * 1024}


def test_the_keyring_is_read_once_while_it_is_the_same(tip_channel, monkeypatch):
    read, load = [], trust_folder.load
    monkeypatch.setattr(
        trust_folder, "load", lambda path, pin: (read.append(path), load(path, pin))[1]
    )
    monkeypatch.setattr(present_keyring, "_read", None)  # as in a process that has just started
    for _ in range(3):
        present_keyring.keyring_now()
    assert read == [tip_channel.trust.path]


def test_a_file_that_cannot_be_closed_keeps_nothing_from_being_thrown_away(tip_channel):
    with _delivery() as delivery:
        file = delivery.attach("a.txt", "text/plain")
        file._file.close()
        file._file = SimpleNamespace(close=_fails(OSError(5, TEXT)))
    assert list((tip_channel.vault.root / "incoming").iterdir()) == []
