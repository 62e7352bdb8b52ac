"""The one file that signers carry: the book's ceremonies, typed as they are printed, where there is nothing else."""

import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from sapo_site.script import signers_file
from tests.lacking import need, pass_over
from tests.postgres import ROOT
from tips.sealing import age, ceremony, handler_file, requests, signers
from tips.sealing.keyring import IntakeKey
from tips.sealing.trust import SECRET_SIZE, SigningKey

PASSPHRASE = "fem ord som ingen gissar"
ROOT_HASH = f"1:{'ab' * 32}"
MOST_COMMANDS = 9
# A network of its own, in which there is none, and the stick where the book has it.
_ALONE = (
    "mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /media && mkdir /media/sticka"
    ' && mount --bind "$0" /media/sticka && exec "$@"'
)


@pytest.fixture(scope="module")
def signera(tmp_path_factory):
    """The file as a release has it."""
    try:
        octets = signers_file.signers_file(sys.executable)
    except SystemExit:
        pass_over("Kräver Pythons paketregister.")
    path = tmp_path_factory.mktemp("signera") / "signera.pyz"
    path.write_bytes(octets)
    return path


class Table:
    """Persons with a medium each, which are empty but for the file, and the stick between them."""

    def __init__(self, folder, signera):
        self.alone = [need("unshare"), "-rnm", "sh", "-c", _ALONE, folder / "sticka"]
        (folder / "sticka").mkdir()
        if subprocess.run([*self.alone, "true"]).returncode:
            pass_over("Kräver att den som kör testerna får göra namnrymder (unshare).")
        self.folder, self.signera, self.stick = folder, signera, folder / "sticka"

    def types(self, line, *numbers):
        """Types a line of the book, and what it asks for; returns the screen."""
        command, _hash, told = line.partition("#")
        own = self.folder / told.split(":")[0].strip()
        if not own.exists():
            own.mkdir()
            shutil.copy(self.signera, own)
        words = shlex.split(command)
        makes_key = words[2] in ("undertecknare", "handlaggare", "reservnyckel")
        typed = f"{PASSPHRASE}\n" * (2 if makes_key else 1) + "".join(f"{n}\n" for n in numbers)
        words[0] = sys.executable
        done = subprocess.run(
            [*self.alone, *words],
            cwd=own,
            env={"PATH": os.environ["PATH"], "TMPDIR": str(self.folder)},
            input=typed,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
        return done.stdout


def _book(heading):
    """The commands under a heading of the book, and what it says that the screen says."""
    page = (ROOT / "docs" / "keys.md").read_text().partition(f"\n### {heading}\n")[2]
    commands, screen = re.findall(r"```(?:sh|text)\n(.*?)```", page, re.DOTALL)[:2]
    return commands.splitlines(), [line.rstrip("…") for line in screen.splitlines()]


def _follow(table, heading, *numbers):
    """Types all under the heading, each with its numbers, and sees what the book says is to be seen."""
    commands, told = _book(heading)
    typed = zip(commands, numbers, strict=True)
    seen = "".join(table.types(line, *each) for line, each in typed)
    assert [line for line in told if line not in seen] == []
    return seen


@pytest.fixture(scope="module")
def table(tmp_path_factory, signera):
    """All who stand at the table, when they have done what the book says of the first time."""
    table = Table(tmp_path_factory.mktemp("bord"), signera)
    key = IntakeKey(SigningKey(b"i" * SECRET_SIZE, "intake").public, date.today())
    (table.stick / "intake.entry").write_bytes(requests.spell_intake(key))
    table.first = _follow(table, "The first time", (), (), (), (1,), (), (), (), (1, 1), (1, 1))
    return table


def _ring(table):
    first = signers.parse_signers((table.stick / "signers-1.json").read_bytes())
    return ceremony.keyring_beside(table.stick / "keyring.json", first.pin).ring


def test_two_people_follow_the_ceremony_with_nothing_but_files(table):
    """Three signers, two handlers, a vault and the intake: a keyring that two have signed."""
    assert len(_book("The first time")[0]) <= MOST_COMMANDS
    ring = _ring(table)
    assert [entry.id for entry in ring.entries] == ["anna-ek", "bo-by", "reservnyckel"]
    file = age.unlock((table.folder / "Anna" / "anna-ek.age").read_text(), PASSPHRASE).decode()
    sealed = age.seal(b"ett tips", ring.recipients)
    assert age.unseal(sealed, age.parse_identity_file(file)) == b"ett tips"
    root = handler_file.read_handler_file(file).root
    assert f"Roten {root}" in table.first
    assert list(table.folder.glob("signera-*")) == [], "what it unpacked is gone"


def test_the_books_other_pages_are_as_printed_one_after_the_other(table):
    _follow(table, "Somebody joins", (), (2,), (2,))
    _follow(table, "Stop somebody now", ("bo-by",))
    assert (table.stick / "stop.json.sig").is_file()
    seen = _follow(table, "Somebody leaves, or has lost a key", (3,), (3,))
    assert "Sedan nyckelring 1, som du skrev under senast:" in seen
    _follow(table, "A signer leaves, or has lost the key", (), (2, 4), (2, 4), (2, 4))
    _follow(table, "Half a year", (5,), (5,), ())
    assert [entry.id for entry in _ring(table).entries] == ["anna-ek", "eva-dahl", "reservnyckel"]


# The file


def test_the_file_is_the_same_each_time_and_holds_wheels_that_the_lock_names(signera):
    assert signers_file.signers_file(sys.executable) == signera.read_bytes()
    with zipfile.ZipFile(signera) as archive:
        names = archive.namelist()
    assert len([name for name in names if name.startswith("wheels/")]) == 5
    assert {name.split("/")[0] for name in names} == {"__main__.py", "tips", "wheels"}
    assert not [name for name in names if "root" in name]


def test_a_wheel_that_the_lock_does_not_name_is_refused(monkeypatch):
    known = [{"name": "cffi", "version": "1", "properties": [{"value": "ab" * 32}]}]

    def brings(_title, command):
        folder = command[-1].removeprefix("--dest=")
        Path(folder, "cffi-1-cp311.whl").write_bytes(b"another")

    monkeypatch.setattr(signers_file, "parts", lambda: {"cffi": known[0]})
    monkeypatch.setattr(signers_file, "long_step", brings)
    with pytest.raises(SystemExit):
        signers_file.signers_file(sys.executable)


def _run(signera, *words, python=sys.executable, stdin="", **others):
    named = {"stdout": subprocess.PIPE, **others}
    environment = {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(signera.parent),
        **named.pop("env", {}),
    }
    return subprocess.run(
        [python, signera, *words],
        env=environment,
        input=stdin,
        stderr=subprocess.PIPE,
        text=True,
        **named,
    )


@pytest.mark.parametrize("python", ["python3.11", "python3.12", "python3.13", "python3.14"])
def test_it_runs_by_each_python_of_debian_with_nothing_installed(signera, tmp_path, python):
    there = shutil.which(python)
    if not there or subprocess.run([there, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"{python} finns inte här.")
    given = ["reservnyckel", "--rot", ROOT_HASH, "--mapp", tmp_path, "--ut", tmp_path / "a.age"]
    done = _run(signera, *given, python=there, stdin=f"{PASSPHRASE}\n" * 2)
    assert done.returncode == 0, done.stderr
    assert age.unlock((tmp_path / "a.age").read_text(), PASSPHRASE)
    assert PASSPHRASE not in done.stdout + done.stderr


def test_what_is_wrong_is_one_line_and_the_exit_code_1(signera, tmp_path, subtests):
    (tmp_path / "keyring.json").write_bytes(b"\xff" * 99)
    for words in (
        [], ["byt"], ["visa", "--mapp", tmp_path], ["visa", "--mapp", "/ingen"], ["nasta", "--nej"],
        ["undertecknare"], ["borja", "--lopnummer", "x"], ["papper", "--mapp", tmp_path],
        ["skriv-under", "--nyckel", "x", "--mapp", tmp_path],
    ):  # fmt: skip
        with subtests.test(words=words):
            done = _run(signera, *words)
            assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
            assert "Oväntat fel" not in done.stderr
            assert "Traceback" not in done.stderr
    assert list(signera.parent.iterdir()) == [signera]


def test_odd_encodings_closed_pipes_and_full_disks_are_met(signera, tmp_path):
    given = ["reservnyckel", "--rot", ROOT_HASH, "--mapp", tmp_path]
    twice, odd = f"{PASSPHRASE}\n" * 2, {"PYTHONIOENCODING": "ascii:strict"}
    done = _run(signera, *given, "--ut", tmp_path / "åäö.age", stdin=twice, env=odd)
    assert (done.returncode, done.stderr) == (0, "")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        done = _run(signera, *given, "--ut", tmp_path / "a.age", stdin=twice, stdout=closed)
    assert (done.returncode, done.stderr) == (1, "")
    with open("/dev/full", "w") as full:
        done = _run(signera, *given, "--ut", tmp_path / "b.age", stdin=twice, stdout=full)
    assert (done.returncode, done.stderr) == (1, "Svaret får inte plats, disken är full.\n")


def test_what_it_unpacks_is_nobody_elses_and_gone_also_when_it_is_stopped(signera, tmp_path):
    given = ["reservnyckel", "--rot", ROOT_HASH, "--mapp", tmp_path, "--ut", tmp_path / "a.age"]
    with subprocess.Popen(
        [sys.executable, signera, *given], stdin=subprocess.PIPE, env={"TMPDIR": str(tmp_path)}
    ) as running:
        deadline = time.monotonic() + 20
        while not list(tmp_path.glob("signera-*/cryptography/hazmat")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        (folder,) = tmp_path.glob("signera-*")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        running.send_signal(signal.SIGTERM)
        running.wait(20)
    assert list(tmp_path.iterdir()) == []
