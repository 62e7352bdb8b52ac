"""A few search at once, a few wait, and more than those are told so at once."""

import threading

import pytest

from pages.search.in_turn import Queue, TooManySearches
from tests.pace import until


class _Held:
    """Somebody who has a turn until told to end it."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._end = threading.Event()
        self.was_refused = False
        self.is_served = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with self._queue.turn():
                self.is_served.set()
                self._end.wait(60)
        except TooManySearches:
            self.was_refused = True

    def end(self) -> None:
        self._end.set()
        self._thread.join(60)


def test_who_comes_when_all_places_are_taken_is_told_at_once():
    queue = Queue(at_once=1, waiting=1, patience=60)
    first = _Held(queue)
    assert first.is_served.wait(60)
    second = _Held(queue)
    until(lambda: queue._room._value == 0)

    with pytest.raises(TooManySearches), queue.turn():
        pass

    assert not second.was_refused, "who came later has not waited for as long"
    assert not second.is_served.is_set()
    first.end()
    assert second.is_served.wait(60), "who waited is served next"
    second.end()


def test_who_has_waited_for_long_is_told_to_come_back():
    queue = Queue(at_once=1, waiting=1, patience=0.05)
    first = _Held(queue)
    assert first.is_served.wait(60)
    second = _Held(queue)
    second.end()
    assert second.was_refused
    first.end()


def test_a_place_is_free_again_after_a_search_that_failed_and_one_that_was_refused():
    queue = Queue(at_once=1, waiting=0, patience=0.05)
    with pytest.raises(ValueError, match="ett fel"), queue.turn():
        raise ValueError("ett fel")
    first = _Held(queue)
    assert first.is_served.wait(60)
    for _ in range(3):
        with pytest.raises(TooManySearches), queue.turn():
            pass
    first.end()
    for _ in range(3):
        with queue.turn():
            pass
