"""A double click or a retry gives one tip; a changed tip is a new one."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connections
from django.test import Client

from tips.keeping import arrival_state
from tips.keeping.arriving import Arriving
from tips.models import Arrival, Tip
from tips.sealing.arrivals import read_arrival

from .sending import (
    PHOTO,
    TEXT,
    only_tip,
    opened,
    page_of,
    reference_on,
    ripe_token,
    send,
    text_on,
    token_on,
)

DATABASES = ["default", "tips"]
# What these commit is emptied out after them, and what came from migrations is put back.
in_real_transactions = pytest.mark.django_db(
    databases=DATABASES, transaction=True, serialized_rollback=True
)


@pytest.fixture
def token():
    return ripe_token()


@pytest.mark.django_db(databases=DATABASES)
@pytest.mark.parametrize("files", [[], [PHOTO]], ids=["text", "with a file"])
def test_the_same_form_sent_again_gives_the_same_reference_and_one_tip(
    client, tip_channel, token, files
):
    first = send(client, {"token": token, "where": "Kajen"}, files)
    again = send(client, {"token": token, "where": "Kajen"}, files)
    assert again.status_code == 200
    assert "Tack för ditt tips" in page_of(again)
    assert reference_on(again) == reference_on(first)
    assert Tip.objects.count() == len(list(tip_channel.vault.tips())) == 1
    assert list((tip_channel.vault.root / "incoming").iterdir()) == []


@pytest.mark.django_db(databases=DATABASES)
def test_a_changed_form_is_never_taken_for_the_one_before(client, tip_channel, token, subtests):
    send(client, {"token": token}, [PHOTO])
    for fields, files in [
        ({"text": f"{TEXT} Nu igen."}, [PHOTO]), ({"where": "Kajen"}, [PHOTO]),
        ({"urgent": "1"}, [PHOTO]), ({}, []), ({}, [PHOTO, PHOTO]),
        ({}, [("foto.jpg", "image/jpeg", b"other")]),
        ({}, [("annat.jpg", "image/jpeg", PHOTO[2])]),
    ]:  # fmt: skip
        with subtests.test(fields=fields):
            changed = send(client, {"token": token, **fields}, files)

            assert changed.status_code == 422
            assert "Formuläret har redan skickats." in page_of(changed)
            assert text_on(changed) == fields.get("text", TEXT)
            assert token_on(changed) != token
            assert Tip.objects.count() == 1
            assert only_tip(tip_channel)["files"] == {"foto.jpg": PHOTO[2]}


@pytest.mark.django_db(databases=DATABASES)
def test_a_changed_form_can_be_sent_as_a_tip_of_its_own(client, tip_channel, token):
    send(client, {"token": token})
    send(client, {"token": token, "text": "Mer"})
    assert send(client, {"token": ripe_token(), "text": "Mer"}).status_code == 200
    texts = {opened(tip_channel, tip)["fields"]["text"] for tip in tip_channel.vault.tips()}
    assert texts == {TEXT, "Mer"}


@pytest.mark.django_db(databases=DATABASES)
def test_line_ends_do_not_make_another_content(client, tip_channel, token):
    send(client, {"token": token, "text": "rad\r\nrad"})
    assert send(client, {"token": token, "text": "rad\nrad"}).status_code == 200
    assert Tip.objects.count() == 1


@pytest.mark.django_db(databases=DATABASES)
def test_a_retry_enters_the_tip_of_a_process_that_died_before_the_row(client, tip_channel, token):
    first = send(client, {"token": token}, [PHOTO])
    row = Tip.objects.values().get()
    Tip.objects.all().delete()
    again = send(client, {"token": token}, [PHOTO])
    assert reference_on(again) == reference_on(first)
    assert Tip.objects.values().get() == row


@pytest.mark.django_db(databases=DATABASES)
def test_a_form_that_failed_is_sent_again_with_the_same_token(
    client, tip_channel, token, monkeypatch
):
    def fail(*arguments, **named):
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr("django.db.models.query.QuerySet.bulk_create", fail)
        closed = send(client, {"token": token}, [PHOTO])
    assert closed.status_code == 503
    assert token_on(closed) == token
    assert send(client, {"token": token}, [PHOTO]).status_code == 200
    assert Tip.objects.count() == 1


@pytest.mark.django_db(databases=DATABASES)
def test_a_retry_is_not_acknowledged_when_the_database_is_gone(
    client, tip_channel, token, monkeypatch
):
    send(client, {"token": token})

    def fail(*arguments, **named):
        raise OperationalError

    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", fail)
    assert send(client, {"token": token}).status_code == 503


# At the same time


def _send_at_once(count, token, files=()):
    """Threads of one process, each with a connection of its own, as gunicorn has them."""
    start = threading.Barrier(count)

    def act(_number):
        start.wait()
        try:
            return send(Client(), {"token": token}, files)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(act, range(count)))


@pytest.mark.sql
@in_real_transactions
@pytest.mark.parametrize("files", [[], [PHOTO]], ids=["text", "with a file"])
def test_eight_clicks_at_once_give_one_tip_and_one_reference(tip_channel, token, files):
    responses = _send_at_once(8, token, files)
    assert {response.status_code for response in responses} == {200}
    assert len({reference_on(response) for response in responses}) == 1
    assert Tip.objects.count() == len(list(tip_channel.vault.tips())) == 1
    assert list((tip_channel.vault.root / "incoming").iterdir()) == []
    only_tip(tip_channel)


@pytest.mark.sql
@in_real_transactions
def test_a_second_click_is_kept_when_the_first_one_fails(tip_channel, token, monkeypatch):
    """It waits for its turn, sees that nothing has come of the first one, and is the tip."""
    is_sealed, is_second_sent = threading.Event(), threading.Event()
    seal_into, held = Arriving.seal_into, arrival_state.held
    is_first = iter([True])

    def seal_and_fail(self, tip_id):
        seal_into(self, tip_id)
        if next(is_first, False):
            is_sealed.set()
            assert is_second_sent.wait(10)
            raise MemoryError

    def wait(path, *, waits=True):
        if is_sealed.is_set() and waits:
            is_second_sent.set()
        return held(path, waits=waits)

    monkeypatch.setattr(Arriving, "seal_into", seal_and_fail)
    monkeypatch.setattr(arrival_state, "held", wait)
    # SQLite would else let the second one wait for the first one's transaction.
    monkeypatch.delitem(
        connections["tips"].settings_dict["OPTIONS"], "transaction_mode", raising=False
    )

    def click():
        try:
            return send(Client(), {"token": token}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(click)
        assert is_sealed.wait(10)
        second = threads.submit(click)
        assert (first.result(), second.result()) == (503, 200)
    assert set(Tip.objects.values_list("pk", flat=True)) == set(tip_channel.vault.tips())
    assert Tip.objects.count() == 1
    ways = Arrival.objects.order_by("counter").values_list("message", flat=True)
    assert [read_arrival(bytes(each)).way for each in ways] == ["epoch", "form"]


@pytest.mark.sql
@in_real_transactions
def test_different_tips_at_once_are_all_kept(tip_channel):
    tokens = [ripe_token() for _ in range(16)]

    def act(numbered):
        number, token = numbered
        try:
            return send(Client(), {"token": token, "text": f"Tips {number}"}, [PHOTO])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        responses = list(threads.map(act, enumerate(tokens)))
    assert {response.status_code for response in responses} == {200}
    texts = {opened(tip_channel, tip)["fields"]["text"] for tip in tip_channel.vault.tips()}
    assert texts == {f"Tips {number}" for number in range(16)}
    assert set(Tip.objects.values_list("pk", flat=True)) == set(tip_channel.vault.tips())


@in_real_transactions
def test_an_end_of_the_transaction_that_fails_after_all_keeps_the_tip_once(
    tip_channel, token, monkeypatch, client
):
    """A real transaction, whose end fails after it has reached the database."""
    database = connections["tips"]
    commit = type(database)._commit

    def fail(self):
        # Asked before it ends: a question after it would begin another one.
        is_of_tip = self.alias == "tips" and Tip.objects.exists()
        commit(self)
        if is_of_tip:
            raise OperationalError("connection lost")

    with monkeypatch.context() as patch:
        patch.setattr(type(database), "_commit", fail)
        response = send(client, {"token": token})
    assert response.status_code == 503
    assert send(client, {"token": token}).status_code == 200
    assert [Tip.objects.get().pk] == list(tip_channel.vault.tips())
