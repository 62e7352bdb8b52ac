"""What the desk's script is told, and what it may send."""

import base64
import io
import json
import shutil
import uuid
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.utils.timezone import localdate

from tests.acts import act_of_note, as_sent, signed_act
from tests.desk_refusals import NO_KEYRING, refusal, said
from tests.rings import letters
from tests.signed_notes import LONGEST_NOTE, sealable_note
from tests.tables import every_row
from tips.desk import arrivals_api
from tips.handling import events, proofs, steps
from tips.handling.notes import LARGEST_NOTE
from tips.keeping import intake
from tips.keeping.present_keyring import signed_now
from tips.models import Arrival, Event, Note, State, Tip
from tips.sealing import age
from tips.sealing.keyring import MOST_ENTRIES
from tips.sealing.statements import LONGEST_STATEMENT

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

ARRIVALS = "/tipsmottagning/api/ankomster/"
QUEUE = "/tipsmottagning/api/ko/"
STRANGER = "5f0c2a1e-8a44-4b7e-9a53-0d3e3c3b2a11"
UNREADABLE = "Det som skickades går inte att läsa."


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _leave(text="En vit skåpbil vid hamnen", files=(), **fields):
    on = fields.pop("received_on", None)
    return intake.leave({"text": text, "subject": "spionage", **fields}, files, received_on=on)


def _address(tip_id, action):
    return f"/tipsmottagning/api/tips/{tip_id}/{action}/"


def _post(client, address, body):
    content = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(address, content, content_type="application/json")


def _open(client, tip_id):
    response = _post(client, _address(tip_id, "oppna"), {})
    assert response.status_code == 200, response.content
    return response.json()


def _unsealed(tip_channel, text):
    return age.unseal(base64.b64decode(text), tip_channel.identities)


# The queue


def test_queue_tells_how_things_stand_and_heads_stay_sealed(at_desk, tip_channel):
    tip_id = _leave("En vit skåpbil vid hamnen", urgent="1")

    answer = at_desk.get(QUEUE).json()

    assert answer["user"] == "tipsmottagare"
    assert answer["keyring"]["serial"] == 1
    assert answer["keyring"]["hash"] == tip_channel.trust.ring.hash
    assert answer["alarm"] == {"urgent_hours": 2, "normal_hours": 48, "overdue": 0}
    assert "forwarded" in answer["states"]
    assert "purged" not in answer["states"]
    spam, no_action, close = answer["with_many"]
    assert (spam["name"], spam["states"]) == ("spam", ["assigned", "read", "received"])
    assert "advertising" in spam["needs"][0]["choices"]
    assert (no_action["name"], no_action["states"]) == ("no_action", ["assigned", "read"])
    assert (close["name"], close["states"], close["needs"]) == (
        "close", ["forwarded", "no_action"], [],
    )  # fmt: skip
    (tip,) = answer["tips"]
    assert tip["id"] == str(tip_id)
    assert (tip["state"], tip["version"]) == ("received", 1)
    assert tip["is_unread"]
    assert "reference" not in tip  # the script computes it from the id
    head = json.loads(_unsealed(tip_channel, tip["head"]))
    assert head["excerpt"] == "En vit skåpbil vid hamnen"
    assert head["urgent"]


def test_nothing_of_a_tip_is_in_the_answers_unsealed(at_desk):
    marker = f"markör{uuid.uuid4().hex}"
    tip_id = _leave(marker, [(f"{marker}.txt", f"text/{marker}", marker.encode())], where=marker)

    answers = [
        at_desk.get(QUEUE).content,
        _post(at_desk, _address(tip_id, "oppna"), {}).content,
        at_desk.get("/tipsmottagning/api/handelser/").content,
        at_desk.get("/tipsmottagning/api/register/").content,
        b"".join(at_desk.get(f"/tipsmottagning/api/tips/{tip_id}/forseglat.zip").streaming_content),
    ]

    octets = b"".join(answers)
    for form in (marker, marker.encode("unicode_escape").decode(), marker.partition("ö")[2][1:]):
        assert form.encode() not in octets
    assert base64.b64encode(marker.encode()).rstrip(b"=")[:-2] not in octets


def test_closed_tips_and_spam_come_only_when_asked_for(at_desk):
    for state in State:
        if state != State.PURGED:
            Tip.objects.filter(pk=_leave()).update(state=state, version=1)

    shown = {tip["state"] for tip in at_desk.get(QUEUE).json()["tips"]}
    every = {tip["state"] for tip in at_desk.get(f"{QUEUE}?alla=1").json()["tips"]}

    assert shown == {"received", "read", "assigned", "forwarded", "no_action"}
    assert every == shown | {"closed", "spam"}


def test_newest_comes_first(at_desk):
    newer = _leave(received_on=date(2026, 11, 2))
    older = _leave(received_on=date(2026, 11, 1))

    assert [tip["id"] for tip in at_desk.get(QUEUE).json()["tips"]] == [str(newer), str(older)]


def _lots(client, address=QUEUE):
    """The queue's answers, each asked for with what the one before said comes next."""
    answers = [client.get(address).json()]
    while answers[-1]["next"]:
        joint = "&" if "?" in address else "?"
        answers.append(client.get(f"{address}{joint}efter={answers[-1]['next']}").json())
    return answers


def test_long_queue_comes_in_lots_and_how_things_stand_with_the_first(at_desk, monkeypatch):
    monkeypatch.setattr("tips.desk.queue.MOST_TIPS", 3)
    days = [date(2026, 11, day) for day in (3, 1, 2, 2, 2, 2, 1, 3)]
    left = sorted([(day, str(_leave(received_on=day))) for day in days], reverse=True)
    late = localdate() - timedelta(days=2)

    first, *rest = _lots(at_desk)

    assert [tip["id"] for answer in (first, *rest) for tip in answer["tips"]] == [
        tip_id for _day, tip_id in left
    ]
    assert [len(answer["tips"]) for answer in (first, *rest)] == [3, 3, 2]
    assert first["in_queue"] == 8
    assert first["alarm"]["overdue"] == sum(day <= late for day in days)
    assert [sorted(answer) for answer in rest] == [["next", "tips"]] * 2


def test_lot_that_ends_the_queue_says_that_nothing_follows(at_desk, monkeypatch):
    monkeypatch.setattr("tips.desk.queue.MOST_TIPS", 2)
    assert _lots(at_desk)[0]["tips"] == []
    _leave()
    _leave()

    assert [len(answer["tips"]) for answer in _lots(at_desk)] == [2]


def test_tips_that_leave_the_queue_or_come_between_two_lots_hide_no_other(at_desk, monkeypatch):
    monkeypatch.setattr("tips.desk.queue.MOST_TIPS", 2)
    tips = [str(_leave(received_on=date(2026, 11, day))) for day in (4, 3, 2, 1)]
    first = at_desk.get(QUEUE).json()

    Tip.objects.filter(pk__in=tips[:2]).update(state=State.CLOSED)
    _leave(received_on=date(2026, 11, 5))
    came = str(_leave(received_on=date(2026, 10, 31)))
    second = at_desk.get(f"{QUEUE}?efter={first['next']}").json()
    third = at_desk.get(f"{QUEUE}?efter={second['next']}").json()

    assert [tip["id"] for tip in second["tips"]] == tips[2:]
    assert [(tip["id"], tip["version"]) for tip in third["tips"]] == [(came, 1)]


def test_closed_tips_come_in_lots_as_well(at_desk, monkeypatch):
    monkeypatch.setattr("tips.desk.queue.MOST_TIPS", 1)
    for state in (State.CLOSED, State.SPAM, State.READ):
        Tip.objects.filter(pk=_leave()).update(state=state, version=1)

    first, *rest = _lots(at_desk, f"{QUEUE}?alla=1")

    assert (first["in_queue"], len(rest)) == (3, 2)
    assert at_desk.get(QUEUE).json()["in_queue"] == 1


@every_row(
    "place",
    ["2026-11-25", f"20261125/{STRANGER}", f"2026-11-25/{STRANGER.upper()}", "2026-13-01/x", "/"],
)
def test_place_in_the_queue_that_was_never_given_is_refused(at_desk, place):
    response = at_desk.get(QUEUE, {"efter": place})

    assert (response.status_code, response.json()) == (400, refusal(UNREADABLE))


def test_tips_left_unread_for_two_days_are_counted(at_desk):
    today = localdate()
    _leave(received_on=today - timedelta(days=1))
    late = _leave(received_on=today - timedelta(days=2))
    _leave(received_on=today - timedelta(days=9))

    assert at_desk.get(QUEUE).json()["alarm"]["overdue"] == 2
    _open(at_desk, late)
    assert at_desk.get(QUEUE).json()["alarm"]["overdue"] == 1


def test_tip_whose_head_is_missing_is_still_in_the_queue(at_desk, tip_channel):
    tip_id = _leave()
    (tip_channel.vault.folder(tip_id) / "heads").unlink()

    (tip,) = at_desk.get(QUEUE).json()["tips"]
    assert tip["head"] is None


def test_tip_whose_folder_is_none_keeps_no_other_from_the_queue(at_desk, tip_channel):
    damaged, whole = _leave(), _leave()
    folder = tip_channel.vault.folder(damaged)
    shutil.rmtree(folder)
    folder.write_bytes(b"")

    heads = {tip["id"]: tip["head"] for tip in at_desk.get(QUEUE).json()["tips"]}
    assert heads[str(damaged)] is None
    assert heads[str(whole)]


def test_without_a_keyring_nobody_is_known_and_it_is_said_whom_to_ask(at_desk, tip_channel):
    _leave()
    tip_channel.keyring_path.unlink()

    answer = at_desk.get(QUEUE)

    assert (answer.status_code, answer.json()) == (503, refusal(NO_KEYRING))


def test_what_proves_the_keyring_is_handed_out_as_it_lies(at_desk, tip_channel):
    for number in (2, 3, 4):
        tip_channel.trust.add(f"Ny {letters(number + 1)}", age.generate_identity().recipient)

    def names(seen):
        files = at_desk.get(f"/tipsmottagning/api/nyckelring/?sett={seen}").json()["files"]
        for name, text in files.items():
            assert text == (tip_channel.trust.path / name).read_text()
        return sorted(files)

    always = ["keyring-4.json.sig", "keyring.json", "signers-1.json", "signers-1.json.sig"]
    assert names(4) == sorted(always)
    assert names(1) == sorted([*always, "keyring-2.json", "keyring-3.json"])
    (tip_channel.trust.path / "keyring.json").unlink()
    assert at_desk.get("/tipsmottagning/api/nyckelring/?sett=1").status_code == 503


def test_keyring_of_the_demo_does_not_count_elsewhere(at_desk, tip_channel, settings):
    tip_channel.trust.put(replace(tip_channel.trust.ring, is_demo=True, file=b""))
    settings.TIPS_DEMO_KEYS_ALLOWED = False

    assert at_desk.get(QUEUE).json() == refusal(NO_KEYRING)


def test_queue_asks_the_database_no_more_with_more_tips(at_desk, django_assert_max_num_queries):
    for _each in range(12):
        _leave()
    at_desk.get(QUEUE)

    with django_assert_max_num_queries(13, connection=connections["tips"]):
        assert len(at_desk.get(QUEUE).json()["tips"]) == 12


# What has come


def _news(client, since):
    response = client.get(f"{QUEUE}nytt/", {"sedan": since})
    assert response.status_code == 200, response.content
    return response.json()


def test_who_has_the_queue_is_told_once_of_what_comes_sealed_and_in_order(at_desk, tip_channel):
    _leave()
    first = at_desk.get(QUEUE).json()
    assert _news(at_desk, first["since"])["tips"] == []

    left = [str(_leave(received_on=date(2026, 11, 3))), str(_leave(urgent="1"))]
    answer = _news(at_desk, first["since"])

    assert [tip["id"] for tip in answer["tips"]] == left
    assert (answer["tips"][1]["state"], answer["tips"][1]["version"]) == ("received", 1)
    head = json.loads(_unsealed(tip_channel, answer["tips"][1]["head"]))
    assert head["urgent"]
    assert answer["now"][:10] == localdate().isoformat()
    assert _news(at_desk, answer["since"])["tips"] == []
    assert _news(at_desk, answer["since"])["since"] == answer["since"]
    assert [tip["id"] for tip in _news(at_desk, first["since"])["tips"]] == left


def test_the_queue_begins_where_what_comes_goes_on(at_desk):
    assert at_desk.get(QUEUE).json()["since"] == 0
    _open(at_desk, _leave())
    answer = at_desk.get(QUEUE).json()
    assert answer["since"] == events.last_event().seq == 2


def test_many_tips_come_in_lots_and_those_that_are_done_do_not_come(at_desk, monkeypatch):
    monkeypatch.setattr("tips.desk.queue.MOST_TIPS", 2)
    spam, closed, purged, read, new = (
        _leave(received_on=date(2026, 11, day)) for day in range(1, 6)
    )
    _news(at_desk, 0)
    for tip_id, state in ((spam, State.SPAM), (closed, State.CLOSED), (read, State.READ)):
        Tip.objects.filter(pk=tip_id).update(state=state)
    Tip.objects.filter(pk=purged).delete()

    came, since = [], 0
    for _each in range(3):
        answer = _news(at_desk, since)
        assert answer["since"] > since
        since = answer["since"]
        came.append([tip["id"] for tip in answer["tips"]])

    assert came == [[], [str(read)], [str(new)]]


def test_what_comes_is_told_to_both_of_two_handlers(at_desk, colleagues_desk):
    since = at_desk.get(QUEUE).json()["since"]
    tip_id = _leave()
    assert [tip["id"] for tip in _news(at_desk, since)["tips"]] == [str(tip_id)]
    _open(at_desk, tip_id)
    (tip,) = _news(colleagues_desk, since)["tips"]
    assert (tip["id"], tip["is_unread"]) == (str(tip_id), False)


# Opening


def test_opened_tip_is_given_sealed_and_counts_as_read(at_desk, tip_channel):
    tip_id = _leave("Allt jag vet", [("bild.jpg", "image/jpeg", b"\xff\xd8 bild")])

    answer = _open(at_desk, tip_id)

    body = json.loads(_unsealed(tip_channel, answer["body"]))
    assert body["fields"]["text"] == "Allt jag vet"
    assert [file["id"] for file in answer["attachments"]] == [body["attachments"][0]["id"]]
    assert answer["attachments"][0]["sealed_size"] > 4096
    assert answer["tip"]["state"] == "read"
    assert [(event["verb"], event["actor"]) for event in answer["events"]] == [
        ("received", ""),
        ("open", "tipsmottagare"),
    ]
    assert answer["events"][1]["from"] == "received"
    assert answer["events"][1]["to"] == "read"
    assert answer["notes"] == []


def test_who_opens_a_tip_after_the_first_is_in_the_history_they_are_given(at_desk, colleagues_desk):
    tip_id = _leave()
    first = _open(at_desk, tip_id)
    second = _open(colleagues_desk, tip_id)

    assert second["tip"]["version"] == first["tip"]["version"]
    last = second["events"][-1]
    assert (last["verb"], last["actor"]) == ("seen", "kollega")
    assert len(second["events"]) == 3
    assert _open(at_desk, tip_id)["events"] == second["events"]
    assert _open(colleagues_desk, tip_id)["events"] == second["events"]


def test_tip_that_is_not_there_is_404_in_swedish(at_desk):
    response = _post(at_desk, _address(STRANGER, "oppna"), {})

    assert response.status_code == 404
    assert response.json() == refusal("Tipset finns inte, eller är gallrat.")


def test_steps_say_what_they_need(at_desk, colleague):
    steps = {step["name"]: step for step in _open(at_desk, _leave())["steps"]}

    (need,) = steps["assign"]["needs"]
    assert need["name"] == "assignee"
    assert need["type"] == "choice"
    assert "kollega" in need["choices"]
    (need,) = steps["register"]["needs"]
    assert need["type"] == "text"
    assert "polisen" in steps["forward"]["needs"][0]["choices"]
    assert "purge" not in steps
    assert "open" not in steps


# Files


def test_file_comes_as_it_was_sealed(at_desk, tip_channel):
    tip_id = _leave(files=[("bild.jpg", "image/jpeg", b"innehall" * 1000)])
    (file,) = _open(at_desk, tip_id)["attachments"]

    response = at_desk.get(_address(tip_id, f"filer/{file['id']}"))

    sealed = b"".join(response.streaming_content)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == f'attachment; filename="{file["id"]}.age"'
    assert int(response["Content-Length"]) == len(sealed)
    assert age.unseal(sealed, tip_channel.identities).startswith(b"innehall" * 1000)


@every_row("file", [STRANGER, "head", "../echo", "echo", "%2e%2e/echo"])
def test_nothing_but_attachments_can_be_fetched(at_desk, file):
    tip_id = _leave()
    _open(at_desk, tip_id)

    response = at_desk.get(_address(tip_id, f"filer/{file}"))

    assert response.status_code == 404


def test_file_of_another_tip_cannot_be_fetched_through_this_one(at_desk):
    tip_id, other = _leave(), _leave(files=[("a.txt", "text/plain", b"a")])
    (file,) = _open(at_desk, other)["attachments"]
    _open(at_desk, tip_id)

    assert at_desk.get(_address(tip_id, f"filer/{file['id']}")).status_code == 404
    assert not Event.objects.filter(verb="fetched").exists()


def test_nothing_is_handed_out_of_a_tip_that_nobody_has_opened(at_desk, tip_channel):
    """Else somebody could look at it, and the log would not tell."""
    tip_id = _leave(files=[("bild.jpg", "image/jpeg", b"bilden")])
    at_desk.get(QUEUE)
    photo = tip_channel.vault.files(tip_id)[2].name.removesuffix(".age")
    bundle = f"/tipsmottagning/api/tips/{tip_id}/forseglat.zip"

    for address in (_address(tip_id, f"filer/{photo}"), bundle):
        for ask in (at_desk.get, at_desk.head):
            response = ask(address)
            assert response.status_code == 409
        assert at_desk.get(address).json() == refusal("Öppna tipset först.")
    assert [event.verb for event in Event.objects.all()] == ["received"]

    _open(at_desk, tip_id)
    for address in (_address(tip_id, f"filer/{photo}"), bundle):
        assert at_desk.get(address).status_code == 200


def test_nothing_is_handed_out_when_the_log_cannot_say_to_whom(
    at_desk, colleagues_desk, monkeypatch
):
    tip_id = _leave(files=[("bild.jpg", "image/jpeg", b"bilden")])
    (file,) = _open(at_desk, tip_id)["attachments"]
    monkeypatch.setattr(events, "append", None)

    for response in (
        _post(colleagues_desk, _address(tip_id, "oppna"), {}),
        at_desk.get(_address(tip_id, f"filer/{file['id']}")),
        at_desk.get(f"/tipsmottagning/api/tips/{tip_id}/forseglat.zip"),
    ):
        assert response.status_code == 500
        assert response.json() == refusal("Något gick fel hos oss. Försök igen om en stund.")


def test_what_is_taken_out_and_written_stands_in_the_history(at_desk, colleagues_desk, tip_channel):
    tip_id = _leave(files=[("bild.jpg", "image/jpeg", b"bilden")])
    first = _open(at_desk, tip_id)
    version, (file,) = first["tip"]["version"], first["attachments"]
    _write_note(at_desk, tip_channel, tip_id, "Samma bil som förra veckan")
    colleagues_desk.get(f"/tipsmottagning/api/tips/{tip_id}/forseglat.zip")
    colleagues_desk.get(_address(tip_id, f"filer/{file['id']}"))

    answer = _open(at_desk, tip_id)

    said = [(each["verb"], each["actor"], each["reason"]) for each in answer["events"]]
    assert said == [
        ("received", "", ""),
        ("open", "tipsmottagare", ""),
        ("note", "tipsmottagare", ""),
        ("export", "kollega", ""),
        ("fetched", "kollega", ""),
    ]
    assert [each["file"] for each in answer["events"]] == ["", "", "", "", file["id"]]
    assert answer["tip"]["version"] == version
    assert events.verify() is None


def test_whole_tip_can_be_taken_to_another_machine(at_desk, tip_channel, tmp_path):
    tip_id = _leave("Allt jag vet", [("bild.jpg", "image/jpeg", b"bilden")])
    _open(at_desk, tip_id)
    _write_note(at_desk, tip_channel, tip_id, "Samma bil som förra veckan")

    response = at_desk.get(f"/tipsmottagning/api/tips/{tip_id}/forseglat.zip")

    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith("attachment")
    path = tmp_path / "tips.zip"
    path.write_bytes(b"".join(response.streaming_content))
    with zipfile.ZipFile(path) as archive:
        plain = {
            name: age.unseal(archive.read(name), tip_channel.identities)
            for name in archive.namelist()
            if name.endswith(".age") and "head" not in name
        }
        # No time of day in it.
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    body = json.loads(plain[f"{tip_id}/body.age"])
    (file,) = body["attachments"]
    assert body["fields"]["text"] == "Allt jag vet"
    assert plain[f"{tip_id}/{file['id']}.age"].rstrip(b"\0") == b"bilden"
    assert any(b"Samma bil som f" in octets for octets in plain.values())


# Notes


def _sealed_note(tip_channel, text="En anteckning", **others):
    note = {"text": text, "author": "tipsmottagare", "written": "2026-11-25T10:00", **others}
    recipients = (
        tip_channel.trust.ring.recipients
        if tip_channel.keyring_path.exists()
        else [tip_channel.identity.recipient]
    )
    return age.seal(json.dumps(note).encode().ljust(1024), recipients)


def _note(tip_channel, tip_id, text="En anteckning", by="tipsmottagare", **changed):
    """What the page sends of a note, signed with what is changed in it."""
    note = {
        "id": str(uuid.uuid4()),
        "place": 1,
        "sealed": base64.b64encode(_sealed_note(tip_channel, text)).decode(),
        "keyring_serial": signed_now().serial,
        **changed,
    }
    octets = base64.b64decode(note["sealed"])
    return {**as_sent(act_of_note(by, tip_id, UUID(note["id"]), octets)), **note}


def _write_note(client, tip_channel, tip_id, text="En anteckning", **changed):
    place = Note.objects.filter(tip_id=tip_id).count() + 1
    note = _note(tip_channel, tip_id, text, client.handler_id, **{"place": place, **changed})
    response = _post(client, _address(tip_id, "anteckningar"), note)
    assert response.status_code == 200, response.content
    return response.json()["notes"]


def _come():
    tip_id = _leave()
    steps.take_in_new()
    return tip_id


def test_notes_are_kept_sealed_in_the_order_they_came(
    at_desk, colleagues_desk, tip_channel, tmp_path
):
    tip_id = _come()
    _write_note(at_desk, tip_channel, tip_id, "Först")
    _write_note(colleagues_desk, tip_channel, tip_id, "Sedan")
    notes = _write_note(at_desk, tip_channel, tip_id, "Sist")

    texts = [json.loads(_unsealed(tip_channel, note["sealed"]))["text"] for note in notes]
    assert texts == ["Först", "Sedan", "Sist"]
    assert [note["author"] for note in notes] == ["tipsmottagare", "kollega", "tipsmottagare"]
    assert notes == _open(at_desk, tip_id)["notes"]


def test_note_sent_again_is_kept_once(at_desk, tip_channel):
    tip_id = _come()
    note = _note(tip_channel, tip_id)
    address = _address(tip_id, "anteckningar")

    first, second = _post(at_desk, address, note), _post(at_desk, address, note)

    assert first.status_code == second.status_code == 200
    assert len(second.json()["notes"]) == 1
    assert proofs.unproved() == []


@every_row("place", [0, 1, 3, 500], undone=["tips"])
def test_a_note_that_is_not_the_next_is_answered_with_those_that_are_there(
    at_desk, colleagues_desk, tip_channel, place
):
    tip_id = _come()
    notes = _write_note(colleagues_desk, tip_channel, tip_id, "Hann före")

    note = _note(tip_channel, tip_id, place=place)
    response = _post(at_desk, _address(tip_id, "anteckningar"), note)

    assert response.status_code == 409
    assert response.json()["notes"] == notes
    assert [each["verb"] for each in response.json()["events"]] == ["received", "note"]
    assert Note.objects.count() == 1


def test_two_notes_at_one_place_are_one_note(at_desk, tip_channel, monkeypatch):
    """Both have seen that the place was free."""
    tip_id = _come()
    _write_note(at_desk, tip_channel, tip_id, "Hann före")
    monkeypatch.setattr(QuerySet, "count", lambda _self: 0)

    note = _note(tip_channel, tip_id)
    response = _post(at_desk, _address(tip_id, "anteckningar"), note)

    assert response.status_code == 409
    assert len(response.json()["notes"]) == 1


def test_number_of_a_note_cannot_be_used_for_another(at_desk, tip_channel):
    tip_id, another = _come(), _come()
    note = _note(tip_channel, tip_id)
    _post(at_desk, _address(tip_id, "anteckningar"), note)

    other = _note(tip_channel, another, "Annat", id=note["id"])
    response = _post(at_desk, _address(another, "anteckningar"), other)

    assert response.status_code == 400
    assert Note.objects.count() == 1


def test_note_for_another_keyring_is_to_be_sealed_anew(at_desk, tip_channel):
    tip_id = _come()
    note = _note(tip_channel, tip_id, keyring_serial=2)
    response = _post(at_desk, _address(tip_id, "anteckningar"), note)

    assert response.status_code == 409
    assert response.json() == refusal("Nyckelringen har ändrats. Börja om.")


@every_row(
    "sealed",
    [
        b"", b"En anteckning i klartext", b"age-encryption.org/v1\n-> X25519 abc\n",
        age.lock(b"x", "losenfras").encode(),
    ],
)  # fmt: skip
def test_note_that_is_not_sealed_is_refused(at_desk, tip_channel, sealed):
    tip_id = _come()
    note = _note(tip_channel, tip_id, sealed=base64.b64encode(sealed).decode())
    response = _post(at_desk, _address(tip_id, "anteckningar"), note)

    assert response.status_code == 400
    assert response.json() == refusal(
        "Anteckningen är inte förseglad till dem som står i nyckelringen."
    )
    assert not Note.objects.exists()


def test_note_sealed_to_more_keys_than_the_keyrings_is_refused(at_desk, tip_channel):
    recipient, tip_id = tip_channel.identity.recipient, _come()
    sealed = age.seal(b"x", [recipient, age.generate_identity().recipient])
    note = _note(tip_channel, tip_id, sealed=base64.b64encode(sealed).decode())

    assert _post(at_desk, _address(tip_id, "anteckningar"), note).status_code == 400


def test_header_of_a_note_without_its_content_is_refused(at_desk, tip_channel):
    tip_id, header = _come(), age.split_header(io.BytesIO(_sealed_note(tip_channel)))
    note = _note(tip_channel, tip_id, sealed=base64.b64encode(header).decode())

    assert _post(at_desk, _address(tip_id, "anteckningar"), note).status_code == 400


def test_too_long_a_note_is_refused(at_desk, tip_channel):
    tip_id, sealed = _come(), age.seal(bytes(162 * 1024), [tip_channel.identity.recipient])
    note = _note(tip_channel, tip_id, sealed=base64.b64encode(sealed).decode())

    assert _post(at_desk, _address(tip_id, "anteckningar"), note).status_code == 400


def test_the_longest_note_fits_under_the_seals_of_forty(tip_channel):
    recipients = [age.generate_identity().recipient for _ in range(MOST_ENTRIES)]
    worst = sealable_note(uuid.uuid4(), '"' * LONGEST_NOTE)

    assert len(age.seal(worst, recipients)) <= LARGEST_NOTE


def test_note_on_a_tip_that_is_not_there_is_404(at_desk, tip_channel):
    note = _note(tip_channel, UUID(STRANGER))
    response = _post(at_desk, _address(STRANGER, "anteckningar"), note)

    assert response.status_code == 404


# What is malformed

MALFORMED = [
    b"", b"{", b"null", b"[]", b'"text"', b"1", b"\xff\xfe", b"{} {}", b'{"a": NaN}',
    b'{"step": "spam", "step": "close", "version": 1}', b"[" * 100_000, b'{"a":' * 5_000,
    b"1" * 5_000, "{}".encode("utf-16"), b"\xef\xbb\xbf{}",
]  # fmt: skip
ACT = "/tipsmottagning/api/steg/"


@every_row("address", ["tips/{}/oppna/", "steg/", "tips/{}/anteckningar/", "omslag/"])
@every_row("body", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_body_is_refused_in_swedish(at_desk, address, body):
    tip_id = _leave()

    response = _post(at_desk, f"/tipsmottagning/api/{address.format(tip_id)}", body)

    assert response.status_code in (400, 413)
    assert said(response) in (UNREADABLE, "Det som skickades är för stort.")
    assert Tip.objects.get(pk=tip_id).version == 0


@every_row(
    "changed",
    [
        {"statement": None}, {"statement": 7}, {"statement": ""}, {"statement": "\ud800"},
        {"statement": "{}\n"}, {"ed25519": None}, {"ed25519": ""}, {"ed25519": "å" * 86},
        {"ed25519": "A" * 87}, {"mldsa65": None}, {"mldsa65": "A" * 9000}, {"step": "spam"},
    ],
    ids=str,
)  # fmt: skip
def test_step_of_another_form_is_refused(at_desk, changed):
    tip = Tip.objects.get(pk=_come())
    sent = {**as_sent(signed_act("tipsmottagare", "spam", tip, value="trial")), **changed}

    response = _post(at_desk, ACT, sent)

    assert response.status_code == 400
    assert response.json() == refusal(UNREADABLE)
    assert steps.find(tip.pk).version == 1


@every_row(
    "changed",
    [
        {"id": 7}, {"id": "x"}, {"id": STRANGER.upper()}, {"id": f"{{{STRANGER}}}"},
        {"id": f"urn:uuid:{STRANGER}"}, {"sealed": 7}, {"sealed": "å"}, {"sealed": "a b="},
        {"sealed": "YQ"}, {"sealed": None}, {"keyring_serial": "1"}, {"keyring_serial": -1}, {"place": "1"}, {"place": None},
        {"tip": STRANGER}, {"author": "kollega"}, {"statement": "x"}, {"mldsa65": None},
    ],
    ids=str,
)  # fmt: skip
def test_note_of_another_form_is_refused(at_desk, tip_channel, changed):
    tip_id = _come()
    note = {**_note(tip_channel, tip_id), **changed}
    response = _post(at_desk, _address(tip_id, "anteckningar"), note)

    assert response.status_code == 400
    assert response.json() == refusal(UNREADABLE)
    assert not Note.objects.exists()


@every_row(
    ("address", "largest"),
    [
        (_address(STRANGER, "oppna"), 16 * 1024),
        (ACT, 2 * LONGEST_STATEMENT),
        (_address(STRANGER, "anteckningar"), 2 * LARGEST_NOTE),
        ("/tipsmottagning/api/omslag/", 12 * 1024 * 1024),
    ],
)
def test_too_large_a_body_is_refused_before_it_is_read(at_desk, address, largest):
    response = _post(at_desk, address, b" " * (largest + 1))

    assert response.status_code == 413
    assert response.json() == refusal("Det som skickades är för stort.")


def test_forbidden_methods_say_which_are_allowed(at_desk):
    for address, allowed in [
        (QUEUE, "GET, HEAD"),
        (_address(STRANGER, "oppna"), "POST"),
        ("/tipsmottagning/api/omslag/", "GET, HEAD, POST"),
    ]:
        response = at_desk.delete(address)
        assert response.status_code == 405
        assert response["Allow"] == allowed
        assert response.json() == refusal("Det går inte att göra här.")


def test_arrivals_are_sent_in_lots_that_lack_and_repeat_none(at_desk, monkeypatch):
    monkeypatch.setattr(arrivals_api, "MOST", 2)
    for text in ("Ett", "Två", "Tre"):
        _leave(text)
    Arrival.objects.create(epoch="å &?", counter=2**62, message=b"", ed25519=b"", mldsa65=b"")
    found, begins = [], ""
    while not found or begins:
        answer = at_desk.get(ARRIVALS, {"fran": begins}).json()
        found += [(row["epoch"], row["counter"]) for row in answer["arrivals"]]
        begins = answer["next"]
    assert found == list(Arrival.objects.order_by("epoch", "counter").values_list("pk", flat=True))
    known = {"efter": f"{Arrival.objects.get(counter=4).epoch}:3"}
    rows = at_desk.get(ARRIVALS, known).json()["arrivals"]
    assert sorted(row["counter"] for row in rows) == [4, 2**62]


def test_made_up_epochs_and_messages_without_end_make_no_answer_large(at_desk, monkeypatch):
    """However many there are: only epochs that are asked for are said how far they go, and once."""
    _leave("Ett")
    own = Arrival.objects.get(counter=2)
    Arrival.objects.bulk_create(
        Arrival(
            epoch=f"{at:032x}", counter=1, message=b"{}" * 2**15, ed25519=bytes(999), mldsa65=b""
        )
        for at in range(9)
    )
    Arrival.objects.create(epoch=own.epoch, counter=2**62, message=b"", ed25519=b"", mldsa65=b"")
    monkeypatch.setattr(arrivals_api, "MOST", 4)
    asked = {"efter": f"{own.epoch}:1"}
    first = at_desk.get(ARRIVALS, asked).json()
    assert set(first) == {"arrivals", "next"}
    assert {row["message"] for row in first["arrivals"]} == {""}
    assert {row["ed25519"] for row in first["arrivals"]} == {""}
    begins = first["next"]
    while begins:
        answer = at_desk.get(ARRIVALS, {**asked, "fran": begins}).json()
        begins = answer["next"]
    assert answer["newest"] == {own.epoch: 2}


@every_row("asked", ["efter=x", "fran=x", "fran=x:", f"fran={'x' * 33}:1", "fran=%00:1"])
def test_what_no_place_among_arrivals_looks_like_is_refused(at_desk, asked):
    answer = at_desk.get(f"{ARRIVALS}?{asked}")
    assert (answer.status_code, said(answer)) == (400, UNREADABLE)
