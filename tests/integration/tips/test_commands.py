"""How every command of the channel speaks: Swedish, on one screen, and never a traceback."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import load_command_class
from django.db import OperationalError

from tests.rings import entries_for, trust_in
from tips.management.console import fault_in_words
from tips.sealing import age
from tips.signing.speech import legible

from .commands import ALL, fault, help_of, said

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
    needed = {"tips_export": ["ut.zip"]}
    needed["tips_headers"] = needed["tips_stop"] = ["t"]
    for name in ALL:
        with subtests.test(name=name):
            code, text = _ends(capsys, name, *needed.get(name, []), "--nej")
            assert (code, text) == (1, "Valet finns inte: --nej.\n")
            assert list(tmp_path.iterdir()) == []


SAID = {
    "tips_export": "Något saknas: FIL.zip.",
    "tips_headers --before 7": "Något saknas: TIPS.",
    "tips_headers": "Något saknas: TIPS.",
    "tips_keyring byt": "Åtgärden finns inte: byt.",
    "tips_export ut.zip --tip": "Något saknas efter --tip.",
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


def test_demo_keys_are_refused_where_there_is_no_demo(demo_keyring):
    before = demo_keyring.read_bytes()
    assert "är gjord av demot och gäller inte här" in fault("tips_keyring", "verify")
    assert demo_keyring.read_bytes() == before


def test_demo_keys_are_shown_for_what_they_are(demo_keyring):
    assert "Gjord av demot: den gäller inte i drift." in said("tips_keyring", "show")
