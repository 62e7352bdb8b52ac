"""A tip is on the disk and in the database, or nowhere; and only then is it acknowledged."""

import io
import json
import stat
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connections
from django.db.models.query import QuerySet

from tests.rings import OF_NO_USE, over_since
from tips.form import limits
from tips.form.answers import NOT_KEPT
from tips.keeping import intake
from tips.keeping.arriving import Arriving
from tips.keeping.vault import Vault
from tips.models import Tip
from tips.router import DATABASE
from tips.sealing import age

from .commands import said
from .sending import (
    FORM,
    PHOTO,
    TEXT,
    assert_nothing_is_kept,
    files_under,
    only_tip,
    opened,
    page_of,
    ripe_token,
    send,
    text_on,
    token_on,
)

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


# Without the form


def test_a_tip_can_be_left_without_the_form(tip_channel):
    film = ("film.mov", "video/quicktime", io.BytesIO(b"x" * 200_000))
    tip_id = intake.leave({"text": TEXT, "subject": "hot"}, [PHOTO, film], language="en")
    tip = opened(tip_channel, tip_id)
    assert tip["fields"] == {"text": TEXT, "subject": "hot"}
    assert tip["files"] == {"foto.jpg": PHOTO[2], "film.mov": b"x" * 200_000}
    assert tip["language"] == "en"
    assert Tip.objects.get().pk == tip_id


def test_a_tip_can_be_left_as_of_another_day(tip_channel):
    tip_id = intake.leave({"text": TEXT}, received_on=date(2026, 3, 1))
    assert Tip.objects.get().received_on == date(2026, 3, 1)
    assert opened(tip_channel, tip_id)["received"] == "2026-03-01T12:00"
    assert tip_channel.vault.received_on(tip_id) == date(2026, 3, 1)


# What lies there


def test_names_times_and_modes_tell_nothing(client, tip_channel):
    send(client, files=[PHOTO])
    (tip_id,) = tip_channel.vault.tips()
    received_on = Tip.objects.get().received_on
    midnight = datetime(received_on.year, received_on.month, received_on.day, tzinfo=UTC)
    folder = tip_channel.vault.folder(tip_id)
    names = {path.name for path in folder.iterdir()}
    (attachment,) = names - {"heads", "body.age", "echo", "arrival"}
    assert uuid.UUID(attachment.removesuffix(".age")).version == 4
    for path in [folder, *folder.iterdir()]:
        assert path.stat().st_mtime == midnight.timestamp()
    for path in [folder.parent, tip_channel.vault.root, tip_channel.vault.root / "incoming"]:
        assert path.stat().st_mtime % 86_400 == 0
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert stat.S_IMODE(path.parent.stat().st_mode) & 0o007 == 0o007 & ~_umask() & 0o770


def _umask():
    import os

    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_tips_of_one_class_have_the_same_sizes(client, tip_channel):
    texts = ["a", "b" * 2_000, "å" * 1_500]
    sizes = set()
    for text in texts:
        send(client, {"text": text, "subject": "hot" if text == "a" else "massforstorelse"})
    for tip_id in tip_channel.vault.tips():
        sizes.add(tuple(file.size for file in tip_channel.vault.files(tip_id)))
    assert len(sizes) == 1


def test_the_echo_tells_nothing_to_one_who_guesses_the_content(client, tip_channel):
    """It is keyed by the token's nonce, which only the tipster's browser has had."""
    send(client)
    send(client)
    one, other = tip_channel.vault.tips()
    assert tip_channel.vault.echo(one)[:32] != tip_channel.vault.echo(other)[:32]


def test_nothing_typed_lies_there_in_clear(client, tip_channel):
    send(client, {"where": "Hemliga platsen"}, [("hemlig.txt", "text/plain", b"Hemligt" * 99)])
    for path in files_under(tip_channel):
        content = path.read_bytes()
        for word in (b"emlig", TEXT.encode()[:20], "emlig".encode("utf-16-le")):
            assert word not in content
            assert word not in str(path).encode()


# The keyring


def _unsigned(channel):
    (channel.trust.path / "keyring-1.json.sig").unlink()


def _out_of_date(channel):
    channel.trust.put(replace(channel.trust.ring, **over_since(OF_NO_USE)))


def _older_than_seen(channel):
    before = {path: path.read_bytes() for path in channel.trust.path.iterdir()}
    channel.trust.add("Ny", age.generate_identity().recipient)
    intake.check_open()
    for path, octets in before.items():
        path.write_bytes(octets)


def _of_the_former_kind(channel):
    former = {"format": "sapo-keyring/1", "serial": 1, "made_on": "2026-11-25", "recipients": []}
    channel.keyring_path.write_text(json.dumps(former))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda channel: channel.keyring_path.unlink(),
        lambda channel: channel.keyring_path.write_text(""),
        lambda channel: channel.keyring_path.write_text("{}"), _unsigned,
        lambda channel: channel.trust.put(channel.trust.ring, (0,)),
        lambda channel: (channel.trust.path / "signers-1.json").unlink(),
        lambda channel: channel.trust.root.write_text(f"1:{'0' * 64}"),
        lambda channel: channel.trust.root.unlink(), _out_of_date, _older_than_seen,
        _of_the_former_kind,
    ],
    ids=[
        "missing",
        "empty file",
        "other file",
        "unsigned",
        "signed by one",
        "no signers",
        "another root",
        "no root",
        "out of date",
        "older than seen",
        "of the former kind",
    ],
)  # fmt: skip
def test_without_a_good_keyring_the_form_is_closed_and_keeps_the_text(client, tip_channel, spoil):
    assert client.get(FORM).status_code == NOT_KEPT
    spoil(tip_channel)

    shown = client.get(FORM)
    assert shown.status_code == 503
    assert "010-568 70 00" in page_of(shown)
    for files in ([], [PHOTO]):
        token = ripe_token()
        response = send(client, {"token": token, "where": "Frihamnen"}, files)
        assert response.status_code == 503
        assert text_on(response) == TEXT
        assert "Frihamnen" in page_of(response)
        assert token_on(response) == token
        assert_nothing_is_kept(tip_channel)


def test_a_keyring_of_the_demo_closes_the_form_outside_of_it(client, tip_channel, settings):
    tip_channel.trust.put(replace(tip_channel.trust.ring, is_demo=True, file=b""))
    assert send(client).status_code == 200
    settings.TIPS_DEMO_KEYS_ALLOWED = False
    assert client.get(FORM).status_code == 503
    assert send(client).status_code == 503


def test_the_form_opens_again_with_the_keyring(client, tip_channel):
    content = tip_channel.keyring_path.read_text()
    tip_channel.keyring_path.unlink()
    closed = send(client)
    tip_channel.keyring_path.write_text(content)
    assert send(client, {"token": token_on(closed)}).status_code == 200
    assert Tip.objects.count() == 1


def test_a_new_keyring_holds_from_the_next_tip_on(client, tip_channel):
    send(client)
    newcomer = age.generate_identity()
    tip_channel.trust.add("Ny", newcomer.recipient)
    send(client)

    first, second = Tip.objects.order_by("keyring_serial")
    assert (first.keyring_serial, second.keyring_serial) == (1, 2)
    for tip, opens in ((first, False), (second, True)):
        with tip_channel.vault.open(tip.pk, "body.age") as file:
            if opens:
                assert b"".join(age.open_stream(file, [newcomer]))
            else:
                with pytest.raises(age.WrongKey):
                    age.open_stream(file, [newcomer])


def test_that_the_form_is_closed_is_said_once_and_not_for_each_visitor(client, tip_channel, caplog):
    tip_channel.keyring_path.unlink()
    for _ in range(5):
        client.get(FORM)
        send(client)
    assert [record.getMessage() for record in caplog.records] == ["The form is closed: keyring"]


# The database


class _Broken:
    """A database that fails at a certain point."""

    def __init__(self, monkeypatch):
        self._monkeypatch = monkeypatch

    def at_the_beginning(self, error):
        def fail(self, *arguments, **named):
            raise error

        self._monkeypatch.setattr(intake.transaction.Atomic, "__enter__", fail)

    def at_the_row(self, error):
        insert = QuerySet.bulk_create

        def fail(rows, *arguments, **named):
            if rows.model is Tip:
                raise error
            return insert(rows, *arguments, **named)

        self._monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", fail)

    def at_the_end(self, error):
        """The end of the transaction, which in a test is that of a savepoint."""
        leave, insert, rows = intake.transaction.Atomic.__exit__, QuerySet.bulk_create, []

        def enter(query, objects, *arguments, **named):
            rows.append(query.model)
            return insert(query, objects, *arguments, **named)

        self._monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", enter)

        def fail(atomic, kind, *arguments):
            is_of_the_tip = atomic.using == DATABASE and atomic.savepoint and rows[-1:] == [Tip]
            if kind is None and is_of_the_tip:
                leave(atomic, type(error), error, None)
                raise error
            return leave(atomic, kind, *arguments)

        self._monkeypatch.setattr(intake.transaction.Atomic, "__exit__", fail)


@pytest.fixture
def broken(monkeypatch):
    with monkeypatch.context() as patch:
        yield _Broken(patch)


def _assert_closed_with_the_text(response):
    assert response.status_code == 503
    assert "Fick du inget nummer när du skickade har det inte kommit fram" in page_of(response)
    assert text_on(response) == TEXT


FAULTS = [
    OperationalError(f"could not connect for {TEXT}"), DatabaseError(TEXT), IntegrityError(TEXT),
    MemoryError(TEXT), ValueError(TEXT),
]  # fmt: skip


@pytest.mark.parametrize("point", ["at_the_beginning", "at_the_row"])
def test_without_the_database_nothing_is_kept(client, tip_channel, broken, caplog, point, subtests):
    for error, files in product(FAULTS, ([], [PHOTO])):
        with subtests.test(error=error, files=len(files)):
            getattr(broken, point)(error)
            _assert_closed_with_the_text(send(client, files=files))
            assert files_under(tip_channel) == []
            assert TEXT not in caplog.text


def test_a_database_that_is_gone_is_found_before_the_folder_is_moved(
    client, tip_channel, broken, monkeypatch
):
    monkeypatch.setattr(Arriving, "seal_into", None)
    broken.at_the_beginning(OperationalError())
    _assert_closed_with_the_text(send(client))


def test_a_tip_whose_commit_failed_lies_there_and_comes_in_with_the_next(
    client, tip_channel, monkeypatch
):
    """Nobody knew whether the database had it. The same form gives the same tip."""
    token = ripe_token()
    with monkeypatch.context() as patch:
        _Broken(patch).at_the_end(OperationalError("connection lost"))
        _assert_closed_with_the_text(send(client, {"token": token}))
    assert (Tip.objects.count(), len(list(tip_channel.vault.tips()))) == (0, 1)
    assert send(client, {"token": token}).status_code == 200
    assert send(client).status_code == 200
    assert Tip.objects.count() == len(list(tip_channel.vault.tips())) == 2
    assert said("tips_status", "--verify").count("Ankomsterna är hela: 3 nummer.") == 1


def test_the_transaction_is_over_before_the_answer(client, tip_channel, monkeypatch):
    from tips.form import answers

    received, states = answers.received, []

    def look(*arguments):
        states.append((Tip.objects.count(), len(list(tip_channel.vault.tips()))))
        return received(*arguments)

    monkeypatch.setattr(answers, "received", look)
    send(client)
    assert states == [(1, 1)]


def test_the_intake_only_adds_to_the_database(client, tip_channel, django_assert_num_queries):
    """In production its user may do nothing else."""
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connections[DATABASE]) as queries:
        token = ripe_token()
        send(client, {"token": token}, [PHOTO])
        send(client, {"token": token}, [PHOTO])  # sent again
    statements = [query["sql"].split()[0] for query in queries.captured_queries]
    assert set(statements) <= {"INSERT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT"}
    assert not any("RETURNING" in query["sql"] for query in queries.captured_queries)
    for query in queries.captured_queries:
        assert TEXT[:20] not in query["sql"]


# Faults; in any function: test_faults.py


def test_a_fault_when_thanks_are_rendered_still_gives_the_reference(
    client, tip_channel, monkeypatch
):
    from tips.form import answers

    def fail(*arguments):
        raise RuntimeError(TEXT)

    monkeypatch.setattr(answers, "_page", fail)
    response = send(client)
    assert response.status_code == 200
    assert "Tack, tipset har kommit fram" in page_of(response)
    assert len(list(tip_channel.vault.tips())) == Tip.objects.count() == 1


def test_what_cannot_be_taken_back_is_one_whole_tip(client, tip_channel, broken, monkeypatch):
    """The worst case: the row is refused and the disk no longer deletes. A janitor adopts it."""

    def fail(self, tip_id):
        raise OSError(5, "Input/output error")

    broken.at_the_row(OperationalError())
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "remove", fail)
        _assert_closed_with_the_text(send(client, files=[PHOTO]))
    assert not Tip.objects.exists()
    assert only_tip(tip_channel)["files"] == {"foto.jpg": PHOTO[2]}


# Adopting


def test_a_whole_tip_without_a_row_can_be_adopted(client, tip_channel):
    send(client, files=[PHOTO])
    before = Tip.objects.values().get()
    Tip.objects.all().delete()
    assert intake.enter_missing_row(before["id"])
    assert Tip.objects.values().get() == before
    assert intake.enter_missing_row(before["id"])  # once more changes nothing
    assert Tip.objects.count() == 1


def test_what_is_not_whole_is_not_adopted(client, tip_channel, subtests):
    send(client)
    (tip_id,) = tip_channel.vault.tips()
    Tip.objects.all().delete()
    for missing in ["body.age", "heads", "echo"]:
        with subtests.test(missing=missing):
            path = tip_channel.vault.folder(tip_id) / missing
            octets = path.read_bytes()
            path.unlink()
            assert not intake.enter_missing_row(tip_id)
            assert not Tip.objects.exists()
            path.write_bytes(octets)


def test_a_tip_that_is_not_there_is_not_adopted(tip_channel):
    assert not intake.enter_missing_row(uuid.uuid4())


# Limits on how many


def test_over_the_limit_a_page_with_the_telephone_keeps_the_text(client, tip_channel, monkeypatch):
    from tips.form import limiter, views

    monkeypatch.setattr(limits, "MAX_PER_ADDRESS", 2)
    monkeypatch.setattr(views, "limiter", limiter.Limiter(limits))
    remote = {"REMOTE_ADDR": "203.0.113.7"}
    assert [send(client, **remote).status_code for _ in range(2)] == [200, 200]

    token = ripe_token()
    response = send(client, {"token": token, "where": "Frihamnen"}, [PHOTO], **remote)
    assert response.status_code == 429
    page = page_of(response)
    assert "Vänta tio minuter" in page
    assert "010-568 70 00" in page
    assert text_on(response) == TEXT
    assert "Frihamnen" in page
    assert token_on(response) == token
    assert Tip.objects.count() == 2
    assert send(client, REMOTE_ADDR="203.0.113.8").status_code == 200


def test_what_is_no_tip_takes_no_room_from_others(client, tip_channel, monkeypatch, subtests):
    monkeypatch.setattr(limits, "MAX_IN_ALL", 2)
    monkeypatch.setattr(limits, "HELD_BACK", 0)
    for fields, status in [
        ({"token": "", "text": ""}, 422), ({"token": ""}, 422), ({"text": ""}, 422),
        ({"when": "x" * 3000}, 422), ({"website": "x"}, 422),
    ]:  # fmt: skip
        with subtests.test(fields=fields):
            for number in range(5):
                remote = {"REMOTE_ADDR": f"198.51.100.{number}"}
                assert send(client, fields, [PHOTO], **remote).status_code == status
    assert send(client, files=[PHOTO], REMOTE_ADDR="203.0.113.7").status_code == 200


def test_tips_that_are_sent_at_the_same_time_take_no_more_than_the_room_there_is(
    client, tip_channel, monkeypatch
):
    """They are let in by then: it is only counted when the form has been read."""
    from tips.form import views

    monkeypatch.setattr(views.limiter, "has_room", lambda address: True)
    monkeypatch.setattr(limits, "MAX_IN_ALL", 2)
    monkeypatch.setattr(limits, "HELD_BACK", 0)
    for files in ([], [PHOTO]):
        assert send(client, files=files).status_code == 200
    for files in ([], [PHOTO], [PHOTO, PHOTO]):
        response = send(client, files=files)
        assert response.status_code == 429
        assert text_on(response) == TEXT
    assert Tip.objects.count() == 2


def test_behind_a_proxy_the_address_is_read_from_its_header_and_forgotten(
    client, tip_channel, monkeypatch, settings
):
    from tips.form import views

    seen = []

    class Listening:
        def lets_in(self, address):
            seen.append(address)
            return True

        has_room = lets_in

    settings.TIPS_ADDRESS_HEADER = "HTTP_X_SAPO_ADDRESS"
    monkeypatch.setattr(views, "limiter", Listening())
    response = send(client, HTTP_X_SAPO_ADDRESS="203.0.113.7")
    assert seen == ["203.0.113.7"] * 2
    assert "HTTP_X_SAPO_ADDRESS" not in response.wsgi_request.META
