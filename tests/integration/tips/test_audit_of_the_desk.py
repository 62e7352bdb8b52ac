"""The desk's part of the audit log: who took out what kind of thing, and never which tip."""

import logging

import pytest

from tests.integration.tips.commands import said
from tips.keeping import intake

pytestmark = [pytest.mark.tips, pytest.mark.django_db(databases=["default", "tips"])]


@pytest.fixture
def noted(caplog):
    """What has been noted since the last time: the fields of each entry."""
    caplog.set_level(logging.INFO, "tips.login.journal")

    def noted():
        entries = [record.audit for record in caplog.records if hasattr(record, "audit")]
        caplog.clear()
        return entries

    return noted


def test_whoever_takes_out_a_tip_is_noted_and_not_which_tip(at_desk, tip_channel, noted):
    tip_id = intake.leave({"text": "En vit skåpbil", "subject": "spionage"}, ())
    at_desk.post(f"/tipsmottagning/api/tips/{tip_id}/oppna/", {}, "application/json")
    noted()
    b"".join(at_desk.get(f"/tipsmottagning/tips/{tip_id}/forseglat.zip").streaming_content)

    entries = noted()
    assert entries == [{"door": "desk", "event": "exported", "who": "tipsmottagare", "what": "tip"}]
    assert str(tip_id)[:8] not in repr(entries)


def test_whoever_takes_out_the_register_is_noted(at_desk, noted):
    noted()
    assert at_desk.get("/tipsmottagning/register/register.csv").status_code == 200
    assert noted() == [
        {"door": "desk", "event": "exported", "who": "tipsmottagare", "what": "register"}
    ]
    said("tips_register")
    assert noted() == [{"door": "desk", "event": "exported", "what": "register"}]


def test_changes_of_a_keyring_are_noted_without_names_and_keys(tmp_path, tip_channel, noted):
    ring, key = tmp_path / "ny.json", str(tip_channel.identity.recipient)
    said("tips_keyring", "init", "--keyring", ring, "--name", "Anna", "--recipient", key)
    said("tips_keyring", "show", "--keyring", ring)

    assert noted() == [{"door": "desk", "event": "keyring-changed", "what": "init"}]
