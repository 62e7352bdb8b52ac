"""Many processes that take in tips at once give each a number of its own, and leave none out."""

import os
import subprocess
import sys

from .server import ROOT

PROCESSES = 4
LEAVES = """
import django
django.setup()
from tips.keeping import intake
for number in range({count}):
    intake.leave({{"text": f"Tips {{number}}"}})
"""


def test_four_processes_number_their_tips_without_a_gap(make_server, rounds):
    count = rounds(25, 500)
    with make_server() as server:
        running = [
            subprocess.Popen(
                [sys.executable, "-c", LEAVES.format(count=count)],
                cwd=ROOT,
                env={**os.environ, **server._environment()},
            )
            for _ in range(PROCESSES)
        ]
        assert [each.wait(600) for each in running] == [0] * PROCESSES
        assert len(server.rows()) == PROCESSES * count
        assert server.numbers() == list(range(1, PROCESSES * count + 2))
