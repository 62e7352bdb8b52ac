"""How a worker that has read a form gives way to another (deploy/gunicorn.conf.py)."""

import runpy
from types import SimpleNamespace

import pytest
from django.conf import settings


@pytest.fixture
def hooks():
    return runpy.run_path(str(settings.PROJECT_DIR / "deploy" / "gunicorn.conf.py"))


class Master:
    """Counts as gunicorn's does, and notes whom it lets end."""

    def __init__(self, hooks, workers):
        self.hooks = hooks
        self.cfg = SimpleNamespace(workers=1)
        self.WORKERS = {}
        self.ended = []
        for pid in range(workers):
            self.WORKERS[pid] = SimpleNamespace(pid=pid)
            hooks["pre_fork"](self, self.WORKERS[pid])
        self._number = 1

    @property
    def num_workers(self):
        return self._number

    @num_workers.setter
    def num_workers(self, number):
        old, self._number = self._number, number
        self.hooks["nworkers_changed"](self, number, old)

    def kill_worker(self, pid, signal):
        self.ended.append(pid)

    def ask_to_leave(self, *pids):
        for pid in pids:
            self.WORKERS[pid].wants_to_leave[0] = 1
        self.num_workers += 1  # as gunicorn does at SIGTTIN


def test_a_worker_that_leaves_is_not_counted_and_one_comes_in_its_place(hooks):
    master = Master(hooks, workers=1)
    master.ask_to_leave(0)
    assert (master.num_workers, master.ended) == (2, [0])


def test_asked_twice_or_by_two_at_once_it_counts_right(hooks):
    master = Master(hooks, workers=2)
    master.ask_to_leave(0)
    master.ask_to_leave(0, 1)
    assert master.num_workers == 3
    assert set(master.ended) == {0, 1}


def test_no_more_than_two_are_leaving_at_once_and_the_next_follows_when_one_has_gone(hooks):
    master = Master(hooks, workers=3)
    master.ask_to_leave(0, 1, 2)
    assert master.num_workers == 3
    assert set(master.ended) == {0, 1}
    hooks["child_exit"](master, master.WORKERS.pop(0))
    assert master.num_workers == 3
    assert set(master.ended) == {0, 1, 2}


def test_a_worker_that_dies_while_another_leaves_is_replaced(hooks):
    master = Master(hooks, workers=2)
    master.ask_to_leave(0)
    hooks["child_exit"](master, master.WORKERS.pop(1))
    assert master.num_workers == 2  # and one is there


def test_a_number_that_somebody_else_asks_for_is_not_kept(hooks):
    master = Master(hooks, workers=1)
    master.num_workers += 1
    assert (master.num_workers, master.ended) == (1, [])
