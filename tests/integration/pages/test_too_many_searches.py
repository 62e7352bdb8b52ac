"""When many search at once, one too many is told so, and everything else is read as before."""

from contextlib import ExitStack

import pytest

from pages.search.in_turn import AT_ONCE, WAITING, Queue, searches


@pytest.fixture
def full(section, monkeypatch):
    """The queue of searches, with nobody's patience left and all places taken."""
    queue = Queue(AT_ONCE, 0, 0)
    monkeypatch.setattr(searches, "__dict__", vars(queue))
    with ExitStack() as searching:
        for _ in range(AT_ONCE):
            searching.enter_context(queue.turn())
        yield


def test_one_search_too_many_is_told_to_come_back_in_a_moment(client, full):
    for path, says in [
        ("/sok/?q=hamn", "Många söker just nu"),
        ("/sok/", "Många söker just nu"),
        ("/sok/forslag/?q=ha", "Många söker just nu"),
        ("/en/sok/?q=harbour", "Many people are searching right now"),
    ]:
        response = client.get(path)
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert response["Cache-Control"] == "no-store"
        page = response.content.decode()
        assert says in page
        assert "010-568 70 00" in page


@pytest.mark.fault("database slow")
def test_pages_are_read_while_others_search(client, full):
    for path in ["/", "/verksamheten/", "/halsa/"]:
        assert client.get(path).status_code == 200


def test_search_is_as_before_when_they_have_finished(client, section):
    for _ in range(AT_ONCE + WAITING + 1):
        assert client.get("/sok/?q=hamn").status_code == 200
