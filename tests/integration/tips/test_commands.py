"""How every command of the channel speaks: Swedish, on one screen, and never a traceback."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import load_command_class
from django.db import OperationalError

from tests.rings import entries_for, trust_in
from tips.management.console import fault_in_words, legible
from tips.sealing import age, fingerprint, trust

from .commands import ALL, fault, help_of, said

KEY = ["--id", "anna-ek", "--name", "Anna Ek", "--root", f"1:{'ab' * 32}"]

MANAGE = str(Path(settings.PROJECT_DIR) / "manage.py")


def test_every_command_is_known_here():
    folder = Path(settings.PROJECT_DIR) / "tips" / "management" / "commands"
    assert sorted(path.stem for path in folder.glob("tips_*.py")) == sorted(ALL)


# Help


def test_help_is_in_swedish_fits_on_one_screen_and_explains_every_choice(monkeypatch, subtests):
    monkeypatch.setenv("COLUMNS", "80")
    hidden = ("--version", "-v", "--settings", "--pythonpath", "--traceback", "--no-color")
    for name in ALL:
        with subtests.test(name=name):
            text = help_of(name)
            lines = text.splitlines()
            assert len(lines) <= 24
            assert max(map(len, lines)) <= 80
            assert text.startswith(f"Så här: manage.py {name}")
            assert "Visar den här hjälpen." in text
            for english in (
                "show this",
                "options:",
                "positional",
                "usage:",
                "traceback",
                "verbosity",
            ):
                assert english not in text
            parser = load_command_class("tips", name).create_parser("manage.py", name)
            for action in parser._actions:
                if not set(action.option_strings) & {*hidden, "--force-color"}:
                    assert action.help


# Faults


def _ends(capsys, name, *words):
    """The exit code, and what is said of the fault."""
    with pytest.raises(SystemExit) as ended:
        load_command_class("tips", name).run_from_argv(["manage.py", name, *words])
    return ended.value.code, capsys.readouterr().err


def test_a_choice_that_does_not_exist_is_said(capsys, tmp_path, monkeypatch, subtests):
    monkeypatch.chdir(tmp_path)
    needed = {"tips_export": ["ut.zip"], "tips_keygen": [*KEY, "--out", "ny"]}
    needed["tips_open"] = ["a.zip", "--identity", "b", "--out", "c"]
    needed["tips_purge"] = ["t", "--decision", "d", "--proposer", "p", "--approver", "q"]
    for name in ALL:
        with subtests.test(name=name):
            code, text = _ends(capsys, name, *needed.get(name, []), "--nej")
            assert (code, text) == (1, "Valet finns inte: --nej.\n")
            assert list(tmp_path.iterdir()) == []


SAID = {
    "tips_export": "Något saknas: FIL.zip.",
    "tips_keygen": "Något saknas: --out, --id, --name.",
    "tips_keygen --o a": "Något saknas: --out, --id, --name.",
    "tips_open": "Något saknas: PAKET, --identity, --out.",
    "tips_purge": "Något saknas: TIPS, --decision, --proposer, --approver.",
    "tips_keyring byt": "Åtgärden finns inte: byt.",
    "tips_export ut.zip --state ny": "--state kan inte vara 'ny'.",
    "tips_export ut.zip --since": "Något saknas efter --since.",
    "tips_janitor --grace länge": "Det som står efter --grace stämmer inte.",
}


def test_what_argparse_would_say_in_english_is_said_in_swedish(capsys, subtests):
    for words, expected in SAID.items():
        with subtests.test(words=words):
            assert _ends(capsys, *words.split()) == (1, f"{expected}\n")


def test_a_fault_that_nobody_thought_of_is_one_line_without_its_text():
    try:
        raise KeyError("hemligt innehåll")
    except KeyError as error:
        text = fault_in_words(error)
    assert re.fullmatch(r"Oväntat fel: KeyError i test_commands.py, rad \d+\.", text)


def test_what_the_database_says_is_not_repeated():
    text = fault_in_words(OperationalError("value too long: hemligt innehåll"))
    assert text.startswith("Databasen går inte att använda.")
    assert "hemligt" not in text


def test_a_path_cannot_write_on_the_terminal():
    assert legible("a\x1b[31m\n\u202eb") == "a\ufffd[31m\ufffd\ufffdb"


# In a process of their own


def _run(folder, *words, stdin="", **others):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "sapo_site.settings.demo",
        "SAPO_VAR": str(folder / "var"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [sys.executable, MANAGE, *words],
        cwd=folder,
        env={**environment, **others.pop("env", {})},
        input=stdin,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **{"stdout": subprocess.PIPE, **others},
    )


@pytest.mark.parametrize("name", ["tips_status", "tips_janitor", "tips_register", "tips_notice"])
def test_without_a_database_one_line_says_so(tmp_path, name):
    (tmp_path / "var" / "tips").mkdir(parents=True)
    (tmp_path / "var" / "tips.sqlite3").mkdir()
    result = _run(tmp_path, name)
    if name == "tips_notice" and result.returncode == 0:
        assert "Det är inte dags" in result.stdout
        return
    assert result.returncode == 1
    assert result.stderr.startswith("Databasen går inte att använda.")
    assert result.stderr.count("\n") == 1


def test_a_key_is_made_and_shown_through_pipes_and_odd_encodings(tmp_path):
    result = _run(
        tmp_path, "tips_keygen", *KEY, "--out", "åäö.txt", env={"PYTHONIOENCODING": "ascii:strict"}
    )
    assert result.returncode == 0
    assert result.stdout.count("\n") == 3
    assert "Traceback" not in result.stderr
    assert age.parse_identity_file((tmp_path / "åäö.txt").read_text())
    words = fingerprint.word_rows(trust.sha256_of((tmp_path / "åäö.request").read_bytes()))
    assert [line.strip() for line in result.stdout.splitlines()] == words


def test_a_pipe_that_is_closed_ends_it_quietly(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        result = _run(tmp_path, "tips_keygen", *KEY, "--out", "ny.txt", stdout=closed)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "BrokenPipe" not in result.stderr


def test_an_answer_that_cannot_be_written_is_said(tmp_path):
    with open("/dev/full", "w") as full:
        result = _run(tmp_path, "tips_keygen", *KEY, "--out", "ny.txt", stdout=full)
    assert result.returncode == 1
    assert result.stderr.endswith("Svaret får inte plats, disken är full.\n")
    assert "Traceback" not in result.stderr


def test_a_passphrase_may_come_through_a_pipe(tmp_path):
    passphrase = "fem ord som ingen gissar"
    made = _run(
        tmp_path, "tips_keygen", *KEY, "--out", "n.age", "--passphrase", stdin=f"{passphrase}\n" * 2
    )
    assert made.returncode == 0
    assert passphrase not in made.stdout + made.stderr
    assert age.unlock((tmp_path / "n.age").read_text(), passphrase)


# Demo keys outside the demo


@pytest.fixture
def demo_keyring(settings, tmp_path):
    """A keyring made by the demo, somewhere that is no demo."""
    settings.TIPS_DEMO_KEYS_ALLOWED = False
    settings.TIPS_DIR = tmp_path / "tips"
    identity = age.generate_identity()
    trust = trust_in(tmp_path, entries_for([identity.recipient]), is_demo=True)
    settings.TIPS_TRUST_DIR, settings.TIPS_ROOT = trust.path, trust.root
    (tmp_path / "nyckel.txt").write_text(f"{identity}\n")
    return tmp_path / "keyring.json"


def test_demo_keys_are_refused_where_there_is_no_demo(demo_keyring, monkeypatch, subtests):
    monkeypatch.chdir(demo_keyring.parent)
    for words in [
        ["tips_keyring", "verify"], ["tips_keyring", "verify", "keyring.json"],
        [ "tips_rewrap", "a.zip", "--identity", "nyckel.txt", "--keyring", "keyring.json", "--out", "om.zip", ],
        ["tips_rewrap", "--take-in", "om.zip"],
    ]:  # fmt: skip
        with subtests.test(words=words):
            before = demo_keyring.read_bytes()
            assert "är gjord av demot och gäller inte här" in fault(*words)
            assert demo_keyring.read_bytes() == before


def test_demo_keys_are_shown_for_what_they_are(demo_keyring):
    assert "Gjord av demot: den gäller inte i drift." in said("tips_keyring", "show")
