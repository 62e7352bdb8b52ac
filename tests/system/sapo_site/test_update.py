"""How deploy/update ends, as far as it can be looked at without a machine; tests/long/machine updates one."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lacking import need
from tests.postgres import ROOT

RELEASE, SELFTEST, PUBLISHED = "install -- release", "tips_selftest", "verify_published"


class Update:
    """`deploy/update --finish`, once the folders have changed places; what it runs fails where it is told to."""

    def __init__(self, folder: Path) -> None:
        self.here, self.next, self.etc = (folder / name for name in ("here", "next", "etc"))
        self.begun = self.etc / "update.begun"
        self.etc.mkdir()
        self.log = folder / "log"
        for code in (self.here, self.next):
            (code / "deploy").mkdir(parents=True)
            program = code / "deploy" / "update"
            shutil.copy(ROOT / "deploy" / "update", program)
            text = program.read_text()
            for there, place in (
                ("here=/srv/sapo next=/srv/sapo.next", f"here={self.here} next={self.next}"),
                ("/etc/sapo/update.begun", str(self.begun)),
                ("/var/lib/sapo/release", str(folder / "release")),
            ):
                assert there in text
                text = text.replace(there, place)
            program.write_text(text)
            for name in ("install", "manage"):
                self._stub(code / "deploy" / name, f"{name} $*")
        self._stub(folder / "systemctl", "systemctl $*")
        self.path = f"{folder}:/usr/bin:/bin"

    def _stub(self, place: Path, said: str) -> None:
        place.write_text(
            f'#!/bin/sh\necho "{said}" >> {self.log}\n'
            f'for each in $FAILS; do case "{said}" in *"$each"*) echo "Fel i $each"; exit 1;; esac; done\n'
        )
        place.chmod(0o755)

    def finish(self, newer: Path, fails: str = "") -> subprocess.CompletedProcess[str]:
        self.begun.write_text(f"{newer}\n")
        return subprocess.run(
            [newer / "deploy" / "update", "--finish"], capture_output=True, text=True,
            env={"PATH": self.path, "FAILS": fails},
        )  # fmt: skip


@pytest.fixture
def update(tmp_path: Path) -> Update:
    need(root=True)
    return Update(tmp_path)


def test_an_update_that_is_done_says_so_and_asks_all_that_can_be_wrong(update):
    done = update.finish(update.here)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("Klart.")
    assert not update.begun.exists()
    asked = update.log.read_text()
    assert all(each in asked for each in (RELEASE, SELFTEST, PUBLISHED))


def test_what_sends_to_other_machines_goes_on_with_the_new_code(update):
    update.finish(update.here)
    assert "systemctl try-restart sapo-backup sapo-mirror@*\n" in update.log.read_text()


@pytest.mark.parametrize("fails", ["release", SELFTEST, PUBLISHED])
def test_what_is_wrong_in_the_end_is_said_and_bars_no_other_update(update, fails):
    """A release that is not the one laid out, a keyring that is missing or has run out, a page that differs."""
    done = update.finish(update.here, fails)
    assert done.returncode == 1
    assert f"Fel i {fails}" in done.stdout
    assert "Uppdateringen är klar, men det ovan stämmer inte" in done.stderr
    assert not update.begun.exists()
    asked = update.log.read_text()
    assert all(each in asked for each in (RELEASE, SELFTEST, PUBLISHED))


def test_on_the_way_back_the_newer_codes_release_is_not_asked_for_and_that_is_said(update):
    (update.etc.parent / "release" / "current").mkdir(parents=True)
    done = update.finish(update.next)
    assert done.returncode == 0
    assert "Den signerade releasen är den nyare kodens" in done.stdout
    assert RELEASE not in update.log.read_text()


@pytest.mark.parametrize("fails", ["units", "restart", "nginx", "edition", "update_index"])
def test_what_stops_it_half_way_is_finished_by_the_line_that_it_names(update, fails):
    done = update.finish(update.here, fails)
    assert done.returncode == 1
    assert f"kör {update.here}/deploy/update --finish." in done.stderr
    assert update.begun.exists()

    assert update.finish(update.here).returncode == 0
