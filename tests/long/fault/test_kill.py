"""`kill -9` in the middle of a tip: what was acknowledged is there, and nothing half."""

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException

import pytest

from tests.system.fault.leaks import leaks_in
from tests.system.fault.server import RIPE, Answer, Body, Intake, token_in

pytestmark = pytest.mark.alone  # the moments lie where a tip is kept, as long as that takes here

TRIALS = 5
MARKER = "Sju svarta bilar vid Skatteskrapan"
UPLOAD = 0.12  # seconds a tip takes to send; then comes what is sealed, moved and counted


@dataclass
class Round:
    """One tip whose receiver is killed a moment after the sending began."""

    number: int
    of: int
    token: str
    keeping: float  # how long a tip takes to be kept when all of it has been sent
    acknowledged: bool = field(default=False)

    @property
    def text(self) -> str:
        return f"{MARKER} {self.number:03d}"

    @property
    def moment(self) -> float | None:
        """Half the points lie in the upload, a quarter while the tip is kept and shortly after.

        For the last quarter none is given: it is when the answer has come.
        """
        if self.number % 2:
            return UPLOAD * self.number / self.of
        if self.number % 4:
            return None
        return UPLOAD + 2 * self.keeping * self.number / self.of

    def body(self) -> Body:
        photo = (f"{self.text}.jpg", "image/jpeg", self.text.encode() * 4000)
        return Body({"token": self.token, "text": self.text}, [photo])

    def run(self, server: Intake) -> None:
        worker = server.worker()
        answers: list[Answer] = []

        def send() -> None:
            with suppress(OSError, HTTPException):  # cut off, as it should be
                answers.append(server.send(self.body(), seconds=UPLOAD, pieces=12))

        sending = threading.Thread(target=send)
        sending.start()
        if self.moment is None:
            sending.join()
        else:
            time.sleep(self.moment)
        os.kill(worker, signal.SIGKILL)
        sending.join()
        self.acknowledged = any(answer.is_thanks for answer in answers)


@pytest.mark.fault("a process killed")
def test_a_killed_worker_loses_no_acknowledged_tip_and_leaves_nothing_half(
    server, rounds, record_property, acknowledges
):
    count = rounds(24, 200)
    tips = _tips(server, range(count), count)
    trials = set(server.rows())
    for each in tips:
        each.run(server)
        _wait_for_a_worker(server)

    server.stop()
    server.manage("tips_janitor", "--grace", "0")

    kept = {}
    for tip_id in set(server.rows()) - trials:
        tip = server.opened(tip_id)
        text = tip["fields"]["text"]
        assert text not in kept, "one tip, once"
        kept[text] = tip_id
        assert tip["files"] == {f"{text}.jpg": text.encode() * 4000}
    acknowledged = {each.text for each in tips if each.acknowledged}
    acknowledges(len(acknowledged), lost=len(acknowledged - set(kept)))
    # The points must have fallen on both sides, or nothing has been tried.
    assert count // 4 <= len(acknowledged) < count * 7 // 10
    record_property("rounds", count)

    numbers = server.numbers()
    assert numbers == list(range(1, len(numbers) + 1))
    assert sorted(server.vault.tips()) == sorted(server.rows())
    assert list((server.vault.root / "incoming").iterdir()) == []
    assert leaks_in(MARKER, [server.folder]) == []


@pytest.mark.fault("a process killed")
def test_what_was_cut_off_is_sent_again_with_the_same_form_and_kept_once(
    server, rounds, record_property, acknowledges
):
    tips = _tips(server, range(0, 200, rounds(25, 10)), 200)
    trials = set(server.rows())
    for each in tips:
        each.run(server)
        _wait_for_a_worker(server)
        assert server.send(each.body()).is_thanks
    kept = set(server.rows()) - trials
    assert len(kept) == len(tips)
    texts = {server.opened(tip_id)["fields"]["text"] for tip_id in kept}
    assert texts == {each.text for each in tips}
    record_property("rounds", len(tips))
    acknowledges(len(tips), lost=0)


def _tips(server: Intake, numbers: range, of: int) -> list[Round]:
    """With the time that keeping a tip takes on this machine, as busy as it is.

    In each trial as in each round the worker is a new one: its first tip takes several times as
    long as those after it.
    """
    tokens, took = _tokens(server, len(numbers) + TRIALS), []
    for number in range(TRIALS):
        os.kill(server.worker(), signal.SIGKILL)
        _wait_for_a_worker(server)
        trial = Round(of + number, of, tokens.pop(), 0.0)
        began = time.monotonic()
        assert server.send(trial.body(), seconds=UPLOAD, pieces=12).is_thanks
        took.append(time.monotonic() - began - UPLOAD)
    keeping = sorted(took)[TRIALS // 2]
    return [
        Round(number, of, token, keeping) for number, token in zip(numbers, tokens, strict=True)
    ]


def _tokens(server: Intake, count: int) -> list[str]:
    tokens = [token_in(server.get("/tipsa/formular/utan-skript/skriv/").body) for _ in range(count)]
    time.sleep(RIPE)
    return tokens


def _wait_for_a_worker(server: Intake) -> None:
    for _ in range(400):
        try:
            if len(server.pids()) > 1 and server.get("/halsa/").status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.02)
    raise AssertionError("No new worker came.")
