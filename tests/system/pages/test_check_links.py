"""Who asks whether links answer is a program of its own."""

import json
import subprocess
import sys
from io import StringIO

from pages.checks.models import LinkState
from tests.integration.pages.test_check_links import check, linking
from tests.postgres import ROOT
from tests.unit.pages.test_asking import website  # noqa: F401  (a fixture)


def test_the_command_asks_by_a_program_and_says_what_it_found(section, settings):
    settings.LINKS_MAY_BE_PRIVATE = True
    linking(section, "http://127.0.0.1:9/", "http://user@www.example.org/")
    said = check()
    assert (
        said == "2 adresser frågade, 1 svarar inte. 0 länkar inom webbplatsen leder till inget.\n"
    )
    assert LinkState.objects.get(status="connection").answer == "inget svar"


def test_the_three_steps_of_production_give_what_one_command_gives(section, settings, monkeypatch):
    linking(section, "http://127.0.0.1:9/", "http://user@www.example.org/")
    done = subprocess.run(
        [sys.executable, "-s", "-m", "pages.ground.asking", "--private"], input=check(list=True),
        cwd=ROOT, env={}, text=True, capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    monkeypatch.setattr("sys.stdin", StringIO(done.stdout))
    assert check(record=True).startswith("2 adresser frågade, 1 svarar inte.")


def test_the_program_knows_neither_django_nor_the_environment(website):  # noqa: F811
    done = subprocess.run(
        [sys.executable, "-s", "-X", "importtime", "-m", "pages.ground.asking", "--private"],
        input=f"{website}/404\n\nnonsense\n", env={}, cwd=ROOT, text=True, capture_output=True,
        timeout=60, check=True,
    )  # fmt: skip
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"address": f"{website}/404", "status": "404", "is_failing": True},
        {"address": "nonsense", "status": "refused", "is_failing": False},
    ]
    assert "django" not in done.stderr
