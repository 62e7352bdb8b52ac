"""Commands of the channel in a process of their own: through pipes, in odd encodings, without a database."""

import os
import subprocess
import sys

import pytest

from tests.postgres import ROOT
from tips.sealing import age, fingerprint, trust

KEY = ["--id", "anna-ek", "--name", "Anna Ek", "--root", f"1:{'ab' * 32}"]


def _run(folder, *words, stdin="", **others):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "sapo_site.settings.demo",
        "SAPO_VAR": str(folder / "var"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *words],
        cwd=folder,
        env={**environment, **others.pop("env", {})},
        input=stdin,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **{"stdout": subprocess.PIPE, **others},
    )


@pytest.mark.parametrize("name", ["tips_status", "tips_janitor", "tips_notice"])
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
