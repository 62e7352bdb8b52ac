"""The release before takes over and gives back, by the book, while people read, write and leave tips."""

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from subprocess import CompletedProcess

import pytest

from tests.postgres import ROOT

from .nspawn import packed_code
from .site import CMS, DESK, WWW, Site, commands_of_the_book

# By how many readers: nginx sheds more of what logs in.
ASKED = [("/", WWW, 4), ("/en/", WWW, 2), ("/sok/?q=samarbete", WWW, 2), ("/admin/login/", CMS, 1),
         ("/tipsmottagning/logga-in/", DESK, 1)]  # fmt: skip


def _git(*words: str) -> bytes:
    """What git answers; nothing where the clone lacks the history."""
    done = subprocess.run([shutil.which("git") or "", *words], cwd=ROOT, capture_output=True)
    return done.stdout if done.returncode == 0 else b""


def _former_code() -> bytes:
    """The code of the commit that last changed a table: from it the tables of today are served."""
    commit = _git("log", "-1", "--format=%H", "--", ":(glob)**/migrations/0*.py").decode().strip()
    return _git("archive", commit) if commit else b""


def _faults_of_update(done: CompletedProcess[str]) -> list[str]:
    """What an update found wrong in the end."""
    return done.stdout.splitlines() if done.returncode else []


@contextmanager
def _people_leave_tips(site: Site) -> Iterator[list[float]]:
    """Somebody leaves tips all the while: when each was acknowledged."""
    acknowledged: list[float] = []
    faults: list[BaseException] = []
    over = threading.Event()

    def leave() -> None:
        while not over.is_set():
            try:
                acknowledged.append(site.leave_tip("Någon mäter stängslet om nätterna"))
            except BaseException as fault:  # told below, in the test's own thread
                faults.append(fault)
                return

    tipster = threading.Thread(target=leave)
    tipster.start()
    try:
        yield acknowledged
    finally:
        over.set()
        tipster.join()
    assert faults == []


def _go_over(site: Site, code: bytes, *, is_back: bool = False) -> None:
    """By the book; the way back is a command of its own."""
    site.bring(code)
    for command in commands_of_the_book("Update", "deploy/update"):
        if "manage backup" in command:
            continue  # there is no keeper here
        if is_back and "deploy/update" in command:
            command = "/srv/sapo/deploy/update --back"
        assert _faults_of_update(site.machine.attempt(command, seconds=600)) == [], command


def _kept(site: Site) -> int:
    said = site.manage("--as", "desk", "tips_status")
    return int(re.findall(r"^Tips: (\d+)$", said, re.MULTILINE)[0])


def test_the_former_release_takes_over_and_gives_back_without_a_failed_request(restored):
    former = _former_code()
    if not former:
        pytest.skip("Kräver historiken, som en grund klon saknar.")
    kept_before = _kept(restored)
    with ExitStack() as people:
        acknowledged = people.enter_context(_people_leave_tips(restored))
        asked = {words: people.enter_context(restored.asked_for(*words)) for words in ASKED}
        _go_over(restored, former, is_back=True)
        for each in asked.values():
            each.go_on(8)
        _go_over(restored, packed_code())
        for each in asked.values():
            each.go_on(8)
    print(*(f"{words[0]}: {each}" for words, each in asked.items()), sep="\n")
    print(f"{len(acknowledged)} tips acknowledged")
    assert {words: each.failed for words, each in asked.items()} == dict.fromkeys(ASKED, 0)
    assert len(acknowledged) > 4
    assert _kept(restored) - kept_before == len(acknowledged)
