"""A machine that serves visitors alone, installed as the documents say."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.postgres import ROOT

_DOCUMENT = (ROOT / "docs" / "operations.md").read_text()
_SECTION = _DOCUMENT.partition("\n### A machine that serves visitors\n")[2].partition("\n#")[0]
_UNITS = ("sapo@public.service", "sapo-edition.service")


def _folders() -> dict[str, str]:
    """Each folder that is made, with its owner."""
    made = re.findall(r"^install -d -o (\S+) +-g \S+ +-m \d+ (\S+)", _SECTION, re.MULTILINE)
    return {folder: owner for owner, folder in made}


@pytest.mark.parametrize("unit", _UNITS)
def test_every_folder_that_a_unit_opens_or_shuts_is_there(unit):
    text = (ROOT / "deploy" / unit).read_text()
    named = re.findall(r"^(?:ReadWritePaths|InaccessiblePaths)=(.+)$", text, re.MULTILINE)
    assert named
    assert [path for line in named for path in line.split() if path not in _folders()] == []


def test_no_folder_is_given_to_a_user_whom_the_machine_lacks():
    users = set(re.findall(r"^useradd .* (\S+)$", _SECTION, re.MULTILINE))
    assert users == {"sapo-public"}
    assert set(_folders().values()) == {"root", *users}


def test_what_is_started_and_put_in_place_lies_in_deploy():
    assert all(f"deploy/{unit}" in _SECTION for unit in (*_UNITS, "sapo@.socket"))
    named = set(re.findall(r"(?<![\w/])deploy/[\w.@-]+", _SECTION))
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert "deploy/manage --as root collectstatic" in _SECTION


@pytest.fixture
def manage(tmp_path: Path) -> Path:
    """`deploy/manage` of a machine whose settings lie in `tmp_path / "etc"`; it says what it would run."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "deploy").mkdir()
    script = tmp_path / "deploy" / "manage"
    shutil.copy(ROOT / "deploy" / "manage", script)
    script.write_text(script.read_text().replace("/etc/sapo", str(tmp_path / "etc")))
    runuser = tmp_path / "runuser"
    runuser.write_text('#!/bin/sh\necho "$SAPO_ROLES $OF $*"\n')
    runuser.chmod(0o755)
    return script


def _says(manage: Path, *words: str) -> str:
    path = f"{manage.parent.parent}:/usr/bin:/bin"
    done = subprocess.run(
        [manage, *words], env={"PATH": path}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("there", "role"), [(["public"], "public"), (["public", "editorial"], "editorial")]
)
def test_static_files_are_collected_with_what_the_machine_has(manage, there, role):
    for name in there:
        (manage.parent.parent / "etc" / f"{name}.env").write_text(f"OF={name}\n")
    command = "-u root -- .venv/bin/python manage.py collectstatic"
    assert _says(manage, "--as", "root", "collectstatic") == f"{role} {role} {command}"


def test_a_job_has_the_secrets_that_systemd_keeps_for_its_service(manage):
    folder = manage.parent.parent
    opener = folder / "systemd-creds"
    opener.write_text(
        '#!/bin/sh\n[ "$1 $2 $4" = "decrypt --name=OF -" ] || exit 1\nsed s/sealed/opened/ "$3"\n'
    )
    opener.chmod(0o755)
    for service in ("desk", "intake"):
        (folder / "etc" / f"{service}.env").write_text("")
        (folder / "etc" / f"{service}.OF.cred").write_text(f"sealed by {service}")
    said = _says(manage, "--as", "desk", "tips_janitor")
    assert said == "desk opened by desk -u sapo-desk -- .venv/bin/python manage.py tips_janitor"


def test_a_job_whose_secret_cannot_be_opened_is_not_run(manage):
    folder = manage.parent.parent
    opener = folder / "systemd-creds"
    opener.write_text("#!/bin/sh\nexit 1\n")
    opener.chmod(0o755)
    (folder / "etc" / "desk.env").write_text("")
    (folder / "etc" / "desk.OF.cred").write_text("sealed")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        _says(manage, "--as", "desk", "tips_janitor")
    assert failed.value.stdout == ""
