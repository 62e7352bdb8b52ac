"""Commands of the channel in a process of their own: through pipes, in odd encodings, without a database."""

import os
import subprocess
import sys

import pytest

from tests.postgres import ROOT


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
