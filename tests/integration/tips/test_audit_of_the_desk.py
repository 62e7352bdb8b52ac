"""The desk's part of the audit log: who took out what kind of thing, and never which tip."""

import shutil
from dataclasses import replace

import pytest
from django.test import Client

from tests.acts import send_act
from tests.handlers import ask_desk
from tests.integration.tips.commands import said
from tips.handling import steps
from tips.journal import ALIKE
from tips.keeping import intake
from tips.sealing import age
from tips.sealing.statements import LONGEST_STATEMENT

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


def test_whoever_takes_out_a_tip_is_noted_and_not_which_tip(at_desk, tip_channel, noted):
    tip_id = intake.leave({"text": "En vit skåpbil", "subject": "spionage"}, ())
    at_desk.post(f"/tipsmottagning/api/tips/{tip_id}/oppna/", {}, "application/json")
    noted()
    b"".join(at_desk.get(f"/tipsmottagning/api/tips/{tip_id}/forseglat.zip").streaming_content)
    entries = noted()
    assert entries == [{"door": "desk", "event": "exported", "who": "tipsmottagare", "what": "tip"}]
    assert str(tip_id)[:8] not in repr(entries)


def test_whoever_takes_out_the_register_is_noted(at_desk, tip_channel, noted):
    noted()
    assert at_desk.get("/tipsmottagning/api/register/register.csv").status_code == 200
    assert noted() == [
        {"door": "desk", "event": "exported", "who": "tipsmottagare", "what": "register"}
    ]


def test_a_keyring_that_is_put_in_place_is_noted_without_names_and_keys(
    tmp_path, tip_channel, noted
):
    stick = replace(tip_channel.trust, path=tmp_path / "stick")
    shutil.copytree(tip_channel.trust.path, stick.path)
    stick.add("Anna", age.generate_identity().recipient)
    said("tips_keyring", "install", "--folder", stick.path)
    assert "Läses av: Anna (" in said("tips_keyring", "show")
    assert noted() == [{"door": "desk", "event": "keyring-changed", "what": "install"}]


# What was refused


def _entry(event, who="tipsmottagare", **about):
    return {"door": "desk", "event": event, **({"who": who} if who else {}), **about}


def test_what_other_sites_pages_send_is_noted_with_the_name_of_the_address(
    at_desk, tip_channel, noted
):
    tip_id = intake.leave({"text": "En vit skåpbil", "subject": "spionage"}, ())
    noted()
    ask_desk(at_desk, f"tips/{tip_id}/oppna/", {}, Origin="https://ond.example")
    ask_desk(at_desk, "register/", **{"Sec-Fetch-Site": "cross-site"})
    ask_desk(Client(), "logga-in/", {}, Origin="https://ond.example")

    entries = noted()
    assert entries == [
        _entry("foreign", what="tipsmottagning/api/tips/<uuid:tip_id>/oppna/"),
        _entry("foreign", what="tipsmottagning/api/register/"),
        _entry("foreign", None, what="tipsmottagning/api/logga-in/"),
    ]
    assert str(tip_id) not in repr(entries)


def test_what_is_too_large_is_noted(at_desk, noted):
    noted()
    answer = ask_desk(at_desk, "steg/", {"statement": "x" * 2 * LONGEST_STATEMENT})
    assert answer.status_code == 413
    assert noted() == [_entry("too-large", what="tipsmottagning/api/steg/")]


def test_a_step_that_is_refused_is_noted_and_not_of_which_tip(at_desk, tip_channel, noted):
    tip_id = intake.leave({"text": "En vit skåpbil", "subject": "spionage"}, ())
    tip = steps.open_tip(tip_id, "tipsmottagare")
    noted()
    answer = send_act(at_desk, "tipsmottagare", "purge", tip)
    assert answer.status_code == 400
    assert noted() == [_entry("step-refused", what="tipsmottagning/api/steg/")]


def test_a_loop_does_not_fill_the_journal(at_desk, noted):
    noted()
    for _attempt in range(2 * ALIKE):
        ask_desk(at_desk, "register/", **{"Sec-Fetch-Site": "cross-site"})
    entries = noted()
    assert (len(entries), entries[-1]["more"]) == (ALIKE, "not noted this minute")
