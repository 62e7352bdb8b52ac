"""A new keyring: those in it get access to older tips, and the sealed content is not touched."""

import base64
import io
from uuid import UUID

import pytest

from tests.acts import act_of_headers, as_sent, signed_act
from tests.desk_refusals import NO_KEYRING, refusal
from tests.rewrapping import rewrap_header
from tests.rings import handler_id, letters
from tips.handling import events, proofs, rewrap, steps
from tips.handling.states import STEPS
from tips.keeping import intake
from tips.models import Note, Tip
from tips.sealing import age, heads
from tips.sealing.reference import reference_of

from .commands import said
from .test_desk_api import _note, _post, _write_note

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

HEADERS = "/tipsmottagning/api/omslag/"


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


@pytest.fixture
def newcomer(tip_channel):
    """Adds another handler's key to the keyring; that one's identity."""

    def add():
        identity = age.generate_identity()
        tip_channel.trust.add(f"Ny {letters(tip_channel.trust.ring.serial)}", identity.recipient)
        return identity

    return add


def _leave(files=1):
    attached = [(f"{n}.txt", "text/plain", f"fil {n}".encode()) for n in range(files)]
    tip_id = intake.leave({"text": "Något hände", "subject": "annat"}, attached)
    steps.open_tip(tip_id, "tipsmottagare")
    return tip_id


def _waiting(client, query=""):
    response = client.get(HEADERS + query)
    assert response.status_code == 200, response.content
    return response.json()


def _wrapped(tip_channel, files):
    """What the browser of one who has a key makes of the headers: a head's are one for each."""
    recipients = tip_channel.trust.ring.recipients
    wrapped = []
    for file in files:
        old = base64.b64decode(file["header"])
        apart = [[each] for each in recipients] if file["name"] == "head.age" else [recipients]
        new = [rewrap_header(old, tip_channel.identities, each) for each in apart]
        wrapped.append({**file, "header": base64.b64encode(b"".join(new)).decode()})
    return wrapped


def _give(client, files, **said):
    """What comes of headers that the handler of this browser has signed."""
    lot = [
        rewrap.Wrapped(UUID(each["tip"]), each["name"], base64.b64decode(each["header"]))
        for each in files
    ]
    statement = act_of_headers(client.handler_id, lot, **said)
    return _post(client, HEADERS, {"files": files, **as_sent(statement)})


def _payload(octets):
    source = io.BytesIO(octets)
    age.split_header(source)
    return source.read()


def test_new_handler_can_open_older_tips_files_and_notes(at_desk, tip_channel, newcomer):
    tip_id = _leave(files=2)
    _write_note(at_desk, tip_channel, tip_id, "Äldre anteckning")
    names = [file.name for file in tip_channel.vault.files(tip_id)]
    before = {name: tip_channel.sealed(tip_id, name) for name in names}
    identity = newcomer()

    answer = _waiting(at_desk)
    assert answer["serial"] == 2
    assert [file["name"].partition(":")[0] for file in answer["files"][:2]] == [
        "head.age", "body.age",
    ]  # fmt: skip
    assert len(answer["files"]) == 5
    wrapped = _wrapped(tip_channel, answer["files"])
    response = _give(at_desk, wrapped)

    assert response.status_code == 200
    assert response.json() == {"left": 0}
    assert [file.name for file in tip_channel.vault.files(tip_id)] == names
    for name in names:
        plain = age.unseal(before[name], tip_channel.identities)
        for key in (identity, tip_channel.identity):
            sealed = tip_channel.sealed(tip_id, name, key)
            assert _payload(sealed) == _payload(before[name])
            assert age.unseal(sealed, [key]) == plain
    assert b"\\u00c4ldre" in age.unseal(bytes(Note.objects.get().sealed), [identity])
    assert _waiting(at_desk)["files"] == []
    assert Tip.objects.get().keyring_serial == Note.objects.get().keyring_serial == 2
    assert events.verify() is None
    assert proofs.unproved() == []


def test_each_may_give_access_by_the_own_head(at_desk, tip_channel, newcomer):
    identity = newcomer()
    _leave()
    newcomer()
    own = heads.entry_id(identity.recipient)
    answer = at_desk.get(HEADERS, headers={"X-Desk-Entries": own}).json()
    (head,) = [file for file in answer["files"] if file["name"] == "head.age"]
    assert rewrap_header(base64.b64decode(head["header"]), [identity], [identity.recipient])


def test_history_tells_who_gave_access(at_desk, colleagues_desk, tip_channel, newcomer):
    tip_id = _leave()
    newcomer()
    own = heads.entry_id(tip_channel.identity.recipient)
    answer = colleagues_desk.get(HEADERS, headers={"X-Desk-Entries": own}).json()
    files = _wrapped(tip_channel, answer["files"])
    _give(colleagues_desk, files)
    history = _post(at_desk, f"/tipsmottagning/api/tips/{tip_id}/oppna/", {}).json()["events"]
    assert history[-1]["verb"] == "rewrap"
    assert history[-1]["actor"] == "kollega"


def test_removed_key_opens_nothing_that_has_been_wrapped_anew(at_desk, tip_channel, newcomer):
    lost = newcomer()
    tip_id = _leave()
    tip_channel.trust.follow(removed=[handler_id(2)])
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    assert _give(at_desk, files).json() == {"left": 0}

    for file in tip_channel.vault.files(tip_id):
        with pytest.raises(age.WrongKey):
            age.unseal(tip_channel.sealed(tip_id, file.name, lost), [lost])
        assert age.unseal(tip_channel.sealed(tip_id, file.name), tip_channel.identities)
    assert list(tip_channel.vault.heads_of(tip_id).headers) == [
        heads.entry_id(tip_channel.identity.recipient)
    ]


def test_file_that_no_key_opens_keeps_its_tip_waiting_and_holds_up_no_other(
    at_desk, tip_channel, newcomer
):
    first, second = sorted([_leave(), _leave()])
    newcomer()
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    some = [
        file for file in files if not (file["tip"] == str(first) and file["name"] == "body.age")
    ]

    assert _give(at_desk, some).json() == {"left": 3}

    assert Tip.objects.get(pk=first).keyring_serial == 1
    assert Tip.objects.get(pk=second).keyring_serial == 2
    waiting = _waiting(at_desk)["files"]
    assert {file["tip"] for file in waiting} == {str(first)}
    assert len(waiting) == 3
    assert _waiting(at_desk, f"?efter={first}/body.age")["files"] == []
    assert events.verify() is None


def test_other_keyring_than_the_present_is_a_conflict(at_desk, tip_channel, newcomer):
    tip_id = _leave()
    newcomer()
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    newcomer()
    response = _give(at_desk, files, keyring=2)
    assert response.status_code == 409
    assert response.json() == refusal("Nyckelringen har ändrats. Börja om.")
    assert Tip.objects.get(pk=tip_id).keyring_serial == 1


def _changed(files, place, **changed):
    return [{**file, **changed} if n == place else file for n, file in enumerate(files)]


def test_what_is_no_header_is_refused_and_nothing_is_replaced(
    at_desk, tip_channel, newcomer, subtests
):
    tip_id = _leave()
    newcomer()
    before = [file.path.read_bytes() for file in tip_channel.vault.files(tip_id)]
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    for header in [
        b"", b"text", b"age-encryption.org/v1\n", b"x" * 60_000,
        b"age-encryption.org/v1\n-> X25519 AAAA\nAAAA\n--- AAAA\n",
    ]:  # fmt: skip
        with subtests.test(header=header):
            files = _changed(files, 2, header=base64.b64encode(header).decode())

            response = _give(at_desk, files)

            assert response.status_code == 400
            assert response.json() == refusal(
                "Ett omslag är inte gjort för dem som står i nyckelringen."
            )
            assert [file.path.read_bytes() for file in tip_channel.vault.files(tip_id)] == before


def test_header_for_fewer_or_more_keys_is_refused(at_desk, tip_channel, newcomer):
    _leave()
    other = newcomer()
    for kinds in (
        [tip_channel.identity.recipient],
        [other.recipient] * 1,
        [tip_channel.identity.recipient, other.recipient, age.generate_identity().recipient],
    ):
        header = age.split_header(io.BytesIO(age.seal(b"x", kinds)))
        files = _wrapped(tip_channel, _waiting(at_desk)["files"])
        files = _changed(files, 0, header=base64.b64encode(header).decode())
        assert _give(at_desk, files).status_code == 400
    assert Tip.objects.get().keyring_serial == 1


def test_name_of_no_file_is_refused(at_desk, tip_channel, newcomer, subtests):
    tip_id = _leave()
    newcomer()
    before = tip_channel.vault.echo(tip_id)
    for name in [
        "echo", "../body.age", "body.age/", "BODY.AGE",
        "5f0c2a1e-8a44-4b7e-9a53-0d3e3c3b2a11.age", "note:5f0c2a1e-8a44-4b7e-9a53-0d3e3c3b2a11",
        "note:x", "note:",
    ]:  # fmt: skip
        with subtests.test(name=name):
            files = _changed(_wrapped(tip_channel, _waiting(at_desk)["files"]), 1, name=name)

            response = _give(at_desk, files)

            assert response.status_code == 400
            assert response.json() == refusal("Det som skickades går inte att läsa.")
            assert tip_channel.vault.echo(tip_id) == before


def test_malformed_lot_is_refused(at_desk, subtests):
    signed = as_sent(signed_act("tipsmottagare", "rewrap", steps.find(_leave())))
    for body in [
        {}, signed, {**signed, "files": []}, {**signed, "files": {}}, {**signed, "files": [7]},
        {**signed, "files": [{}]}, {**signed, "serial": 1, "files": [{}]},
        {**signed, "files": [{"tip": "x", "name": "body.age", "header": ""}]},
    ]:  # fmt: skip
        with subtests.test(body=body):
            response = _post(at_desk, HEADERS, body)

            assert response.status_code == 400
            assert response.json() == refusal("Det som skickades går inte att läsa.")


def test_tip_purged_meanwhile_is_passed_over(at_desk, tip_channel, newcomer):
    gone, kept = _leave(), _leave()
    newcomer()
    files = _wrapped(tip_channel, _waiting(at_desk)["files"])
    Tip.objects.filter(pk=gone).delete()
    tip_channel.vault.remove(gone)
    response = _give(at_desk, files)
    assert response.json() == {"left": 0}
    assert Tip.objects.get(pk=kept).keyring_serial == 2


def test_without_a_keyring_nothing_is_handed_out_or_taken(at_desk, tip_channel):
    tip_id = _leave()
    note = _note(tip_channel, tip_id)
    tip_channel.keyring_path.unlink()

    response = at_desk.get(HEADERS)

    assert response.status_code == 503
    assert response.json() == refusal(NO_KEYRING)
    answer = _post(at_desk, f"/tipsmottagning/api/tips/{tip_id}/anteckningar/", note)
    assert answer.status_code == 503


# What one handler alone could destroy


def _useless(files, count):
    """Headers of the right form that nobody's key opens."""
    strangers = [age.generate_identity().recipient for _each in range(count)]
    for_all = age.split_header(io.BytesIO(age.seal(b"x", strangers)))
    for_each = b"".join(age.seal_to_each(b"x", strangers)[0])
    return [
        {
            **file,
            "header": base64.b64encode(
                for_each if file["name"] == "head.age" else for_all
            ).decode(),
        }
        for file in files
    ]


def _opens(tip_channel, tip_id):
    try:
        for file in tip_channel.vault.files(tip_id):
            age.unseal(tip_channel.sealed(tip_id, file.name), tip_channel.identities)
        for note in Note.objects.filter(tip_id=tip_id):
            age.unseal(bytes(note.sealed), tip_channel.identities)
    except age.WrongKey:
        return False
    return True


def test_tip_whose_headers_a_handler_has_destroyed_can_be_restored(at_desk, tip_channel, newcomer):
    tip_id = _leave(files=2)
    _write_note(at_desk, tip_channel, tip_id, "Viktig anteckning")
    steps.change_tip(steps.find(tip_id), STEPS["hold"], actor="anna", reason="legal_matter")
    newcomer()
    files = _useless(_waiting(at_desk)["files"], 2)
    assert _give(at_desk, files).status_code == 200
    assert not _opens(tip_channel, tip_id)
    version = steps.find(tip_id).version

    listed = said("tips_headers", tip_id)
    assert f"{version - 1}: 5 omslag för nyckelring 1" in listed
    restored = said("tips_headers", tip_id, "--before", version - 1)

    assert restored == f"Tips {reference_of(tip_id)}: 5 omslag är återställda.\n"
    assert _opens(tip_channel, tip_id)
    assert [file["tip"] for file in _waiting(at_desk)["files"]] == [str(tip_id)] * 5
    history = _post(at_desk, f"/tipsmottagning/api/tips/{tip_id}/oppna/", {}).json()["events"]
    assert (history[-1]["verb"], history[-1]["actor"]) == ("restore", "tips_headers")
    assert events.verify() is None
