"""One who comes back to the queue is told what has changed since, and misses nothing."""

import base64
import json
from datetime import date

import pytest

from tests.acts import act, act_now
from tests.desk_refusals import refusal
from tests.rings import letters
from tips.handling import events, steps
from tips.keeping import intake
from tips.models import Tip
from tips.sealing import age, heads

from .test_desk_api import UNREADABLE, _open, _post

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

QUEUE = "/tipsmottagning/api/ko/"


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _leave(text="En vit skåpbil vid hamnen", **options):
    return intake.leave({"text": text, "subject": "spionage"}, **options)


def _since(client, query=""):
    return client.get(QUEUE + query).json()["since"]


def _changes(client, since, **asked):
    response = client.get(QUEUE, {"sedan": since, **asked})
    assert response.status_code == 200, response.content
    return response.json()


def _ids(answer):
    return [tip["id"] for tip in answer["tips"]]


def test_where_nothing_has_changed_nothing_is_told_and_little_is_sent(at_desk, tip_channel):
    for _each in range(30):
        _leave()
    for n in range(14):
        ring = tip_channel.trust.add(
            f"Mottagare {letters(n + 1)}", age.generate_identity().recipient
        )
    since = _since(at_desk)

    response = at_desk.get(QUEUE, {"sedan": since})

    answer = response.json()
    assert (answer["tips"], answer["gone"], answer["since"]) == ([], [], since)
    assert answer["is_all"]
    assert answer["in_queue"] == 30
    assert answer["keyring"] == {"serial": ring.serial, "hash": ring.hash}
    assert len(response.content) < 5_000


def test_what_was_done_with_tips_and_what_came_is_told_once(at_desk, colleagues_desk):
    read, spam, kept = _leave(), _leave(), _leave()
    since = _since(at_desk)
    _open(colleagues_desk, read)
    act_now("kollega", "spam", spam, "trial")
    came = _leave("Nyss")

    answer = _changes(at_desk, since)

    assert _ids(answer) == [str(read), str(came)]
    assert [tip["state"] for tip in answer["tips"]] == ["read", "received"]
    assert answer["gone"] == [str(spam)]
    assert answer["in_queue"] == 3
    assert str(kept) not in json.dumps(answer)
    again = _changes(at_desk, answer["since"])
    assert (again["tips"], again["gone"]) == ([], [])


def test_with_closed_tips_those_that_were_closed_are_told_and_purged_ones_are_gone(
    at_desk, colleague
):
    spam, purged = _leave(), _leave(received_on=date(2026, 1, 2))
    steps.take_in_new()
    act_now("kollega", "spam", purged, "trial")
    Tip.objects.filter(pk=purged).update(state_on=date(2026, 1, 3))
    proposed = act_now("kollega", "propose_purge", purged, "RA-MS 2026:12")
    since = _since(at_desk, "?alla=1")
    act_now("kollega", "spam", spam, "trial")
    act("tipsmottagare", "purge", proposed, value=proposed.purge_proposal)

    answer = _changes(at_desk, since, alla=1)

    assert _ids(answer) == [str(spam)]
    assert answer["gone"] == [str(purged)]


def test_what_leaves_a_tip_as_it_is_is_no_change(at_desk, colleagues_desk):
    tip_id = _leave()
    _open(at_desk, tip_id)
    since = _since(at_desk)
    _open(colleagues_desk, tip_id)  # the log says so, and the tip is as it was
    answer = _changes(at_desk, since)
    assert answer["tips"] == []
    assert answer["since"] == since + 1 == events.last_event().seq


def test_many_changes_come_in_lots_and_none_is_lost_between_them(at_desk, colleague, monkeypatch):
    monkeypatch.setattr("tips.desk.queue.MOST_TIPS", 3)
    tips = [_leave() for _each in range(8)]
    since = _since(at_desk)
    for tip_id in [*tips, *tips[:2]]:
        steps.open_tip(tip_id, "kollega")
        is_held = steps.find(tip_id).is_on_hold
        name, value = ("release", "over") if is_held else ("hold", "archive")
        act_now("kollega", name, tip_id, value)

    seen, lots = {}, 0
    while True:
        answer = _changes(at_desk, since)
        assert len(answer["tips"]) <= 3
        seen |= {tip["id"]: tip["version"] for tip in answer["tips"]}
        since, lots = answer["since"], lots + 1
        if answer["is_all"]:
            break
        act_now("kollega", "assign", tips[-1], "tipsmottagare")  # somebody goes on meanwhile

    assert lots > 2
    assert seen == {str(tip): steps.find(tip).version for tip in tips}


def test_a_cursor_that_was_never_given_is_refused(at_desk, subtests):
    for since in ["", "x", "-1", "1.0", "1" * 10, "²", "1 "]:
        with subtests.test(since=since):
            for address in (QUEUE, f"{QUEUE}nytt/"):
                response = at_desk.get(address, {"sedan": since})
                assert (response.status_code, response.json()) == (400, refusal(UNREADABLE))


# Whose heads come


def test_each_is_given_the_head_that_is_sealed_to_the_own_key(at_desk, tip_channel):
    other = age.generate_identity()
    tip_channel.trust.add("Ny", other.recipient)
    tip_id = _leave("Min rad i kön")
    own = heads.entry_id(other.recipient)

    def head(**asked):
        (tip,) = at_desk.get(QUEUE, asked, headers={"X-Desk-Entries": f"nobody,{own}"}).json()[
            "tips"
        ]
        return base64.b64decode(tip["head"])

    for sealed in (head(), head(sedan=0)):
        assert json.loads(age.unseal(sealed, [other]))["excerpt"] == "Min rad i kön"
        assert len(sealed) == 2683
        with pytest.raises(age.WrongKey):
            age.unseal(sealed, tip_channel.identities)
    opened = _post(at_desk, f"/tipsmottagning/api/tips/{tip_id}/oppna/", {}).json()
    assert age.unseal(base64.b64decode(opened["tip"]["head"]), tip_channel.identities)


def test_entries_that_no_keyring_has_are_refused(at_desk, subtests):
    for said in ["../x", "A", "a,", ",", "a" * 33, "ab," * 16 + "ab", "å"]:
        with subtests.test(said=said):
            assert at_desk.get(QUEUE, headers={"X-Desk-Entries": said}).status_code == 400
