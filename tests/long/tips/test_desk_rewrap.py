"""A new keyring at the desk: what is sent wrongly, again or in great numbers, and what is restored."""

import base64
import zipfile
from datetime import date

import pytest

from tests.desk_refusals import NO_KEYRING, refusal
from tests.handlers import ask_desk
from tests.integration.tips.commands import fault, said
from tests.integration.tips.test_desk_api import _note, _write_note
from tests.integration.tips.test_desk_rewrap import (
    HEADERS,
    _changed,
    _give,
    _leave,
    _opens,
    _useless,
    _waiting,
    _wrapped,
)
from tips.handling import events, rewrap, steps
from tips.models import Note, Tip
from tips.sealing import age

pytestmark = [
    pytest.mark.django_db(databases=["default", "tips"]),
    pytest.mark.usefixtures("tip_channel"),
]


@pytest.mark.parametrize(("goal", "left"), [("nowhere", 1), ("heads", 3)])
def test_file_that_cannot_be_read_keeps_its_tip_waiting_and_holds_up_no_other(
    at_desk, tip_channel, newcomer, goal, left
):
    first, second = sorted([_leave(), _leave()])
    _write_note(at_desk, tip_channel, first)
    newcomer()
    body = tip_channel.vault.folder(first) / "body.age"
    body.unlink()
    body.symlink_to(goal)

    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    assert _give(at_desk, files).json() == {"left": left}

    assert Tip.objects.get(pk=first).keyring_serial == 1
    assert Tip.objects.get(pk=second).keyring_serial == 2
    assert Note.objects.get().keyring_serial == 2
    assert _waiting(at_desk)["files"] == []


def test_lot_holds_whole_tips_and_at_most_two_hundred_files(
    at_desk, tip_channel, newcomer, monkeypatch
):
    monkeypatch.setattr(rewrap, "MOST_FILES", 7)
    tips = sorted(_leave(files=1) for _each in range(4))
    newcomer()
    got, after = [], ""
    while files := _waiting(at_desk, f"?efter={after}")["files"]:
        assert len(files) <= 7
        got += [file["tip"] for file in files]
        after = f"{files[-1]['tip']}/{files[-1]['name']}"

    assert got == [str(tip) for tip in tips for _file in range(3)]


def test_header_with_something_behind_it_is_refused(at_desk, tip_channel, newcomer):
    _leave()
    newcomer()
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    longer = base64.b64encode(base64.b64decode(files[0]["header"]) + b"x").decode()
    response = _give(at_desk, _changed(files, 0, header=longer))
    assert response.status_code == 400


def test_note_of_another_tip_cannot_be_reached_through_this_one(at_desk, tip_channel, newcomer):
    tip_id, other = _leave(), _leave()
    _write_note(at_desk, tip_channel, other)
    newcomer()
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    (note,) = [file for file in files if file["name"].startswith("note:")]
    response = _give(at_desk, [{**note, "tip": str(tip_id)}])
    assert response.status_code == 400


def test_same_file_twice_in_a_lot_is_refused(at_desk, tip_channel, newcomer):
    _leave()
    newcomer()
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    assert _give(at_desk, [*files, files[0]]).status_code == 400


def test_wrapping_anew_leaves_the_day_of_the_file_alone(at_desk, tip_channel, newcomer):
    tip_id = _leave()
    before = [file.path.stat().st_mtime for file in tip_channel.vault.files(tip_id)]
    newcomer()
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    _give(at_desk, files)
    assert [file.path.stat().st_mtime for file in tip_channel.vault.files(tip_id)] == before


def test_place_to_go_on_from_must_be_a_tip(at_desk):
    assert at_desk.get(f"{HEADERS}?efter=x").status_code == 400


def test_restoring_can_itself_be_taken_back(at_desk, tip_channel, newcomer):
    tip_id = _leave()
    identity = newcomer()
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    _give(at_desk, files)
    version = steps.find(tip_id).version

    said("tips_headers", tip_id, "--before", version - 1)
    body = tip_channel.vault.folder(tip_id) / "body.age"
    with pytest.raises(age.WrongKey):
        age.unseal(body.read_bytes(), [identity])
    said("tips_headers", tip_id, "--before", version)

    assert age.unseal(body.read_bytes(), [identity])
    assert steps.find(tip_id).keyring_serial == 2
    assert events.verify() is None


def test_headers_sent_by_halves_again_and_again_never_push_out_the_first(
    at_desk, tip_channel, newcomer
):
    tip_id = _leave()
    newcomer()
    version = steps.find(tip_id).version
    for _attempt in range(3):
        body = [file for file in _waiting(at_desk)["files"] if file["name"] == "body.age"]
        _give(at_desk, _useless(body, 2))
    said("tips_headers", tip_id, "--before", version)
    assert _opens(tip_channel, tip_id)


def test_headers_that_are_for_the_present_keyring_already_stay(at_desk, tip_channel, newcomer):
    tip_id = _leave()
    _write_note(at_desk, tip_channel, tip_id)
    newcomer()
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    _give(at_desk, files)
    version = steps.find(tip_id).version

    response = _give(at_desk, _useless(files, 2))

    assert response.json() == {"left": 0}
    assert _opens(tip_channel, tip_id)
    assert steps.find(tip_id).version == version


def test_what_has_been_replaced_is_in_no_bundle_and_goes_with_the_tip(
    at_desk, tip_channel, newcomer, tmp_path
):
    tip_id = _leave()
    newcomer()
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    _give(at_desk, files)
    folder = tip_channel.vault.folder(tip_id)
    assert len(list(folder.glob("*.header"))) == 3

    said("tips_export", tmp_path / "ut.zip")
    with zipfile.ZipFile(tmp_path / "ut.zip") as archive:
        assert not [name for name in archive.namelist() if "header" in name]
    tip_channel.vault.remove(tip_id)
    assert not folder.exists()
    assert not list((tip_channel.root / "tips").rglob("*.header"))


def test_what_was_never_replaced_cannot_be_restored(at_desk, tip_channel):
    tip_id = _leave()
    assert "inga sådana omslag" in fault("tips_headers", tip_id)
    assert "inga sådana omslag" in fault("tips_headers", tip_id, "--before", 7)


def test_tip_with_five_hundred_notes_can_be_wrapped_anew(at_desk, tip_channel, newcomer):
    tip_id, other = _leave(files=10), _leave()
    sealed = base64.b64decode(_note(tip_channel, tip_id)["sealed"])
    for place in range(1, 501):
        Note.objects.create(
            tip_id=tip_id, place=place, author="anna", written_on=date(2026, 11, 25),
            sealed=sealed, keyring_serial=1,
        )  # fmt: skip
    newcomer()
    left, lots, after = -1, 0, ""
    while files := _waiting(at_desk, after)["files"]:
        assert len(files) <= rewrap.MOST_FILES
        answer = _give(at_desk, _wrapped(tip_channel, files))
        assert answer.status_code == 200
        left, lots = answer.json()["left"], lots + 1
        after = f"?efter={files[-1]['tip']}/{files[-1]['name']}" if tip_id < other else ""

    assert left == 0
    assert lots == 3
    assert set(Tip.objects.values_list("keyring_serial", flat=True)) == {2}


@pytest.mark.parametrize("content", [None, "x", b""])
def test_where_the_keyring_cannot_be_used_it_is_said_whom_to_ask(at_desk, tip_channel, content):
    path = tip_channel.keyring_path
    if content is None:
        path.unlink()
    elif content:
        path.write_text(content)
    else:
        (path.parent / "keyring-1.json.sig").unlink()

    assert ask_desk(at_desk, "ko/").json() == refusal(NO_KEYRING)
