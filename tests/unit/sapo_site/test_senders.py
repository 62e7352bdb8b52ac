"""Who sends many messages waits, and shuts the message function for nobody else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sapo_site.accessibility.senders import Most
from tests.tables import every_row
from tips.form.limiter import Limiter

ROOT = Path(__file__).resolve().parents[3]
# Two workers of a server that has loaded the application, one after the other.
_TWO_WORKERS = """
import os, time, sapo_site.wsgi
time.time = lambda: 1_795_000_000.0
for most in {most}:
    if not os.fork():
        from {module} import {name} as counting
        os._exit(sum(counting.lets_in("203.0.113.7") for _try in range(most)))
    print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


@pytest.fixture
def senders(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1_795_000_000.0)
    return Limiter(Most())


def test_forty_networks_do_not_shut_the_message_function_for_others(senders):
    for number in range(40):
        for home in range(4):
            for _message in range(6):
                senders.lets_in(f"20.{number}.7.{home}")
    for address in ("193.10.1.2", "2001:6b0:1::1"):
        assert senders.lets_in(address)


def test_two_hundred_messages_in_ten_minutes_are_taken_in_however_many_send(senders):
    taken = sum(senders.lets_in(f"{20 + n % 100}.{n // 100}.1.1") for n in range(4000))
    assert taken == 200
    assert sum(senders.lets_in("203.0.113.7") for _message in range(6)) == 0


@every_row(
    "role, module, name, most",
    [
        ("public", "sapo_site.accessibility.senders", "senders", 5),
        ("intake", "tips.form.limiter", "limiter", 30),
    ],
)
def test_workers_that_are_forked_later_count_together(role, module, name, most):
    code = _TWO_WORKERS.format(most=[most - 1, 9], module=module, name=name)
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
        timeout=60, env={**os.environ, "SAPO_ROLES": role, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert told.stdout.split() == [str(most - 1), "1"]
