"""A machine that serves visitors alone, as deploy/install makes it; tests/long/machine makes one."""

import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.postgres import ROOT, run, step_of

_SCRIPT = (ROOT / "deploy" / "visitors").read_text()
_UNITS = ("sapo@public.service", "sapo-edition.service")


_step = partial(step_of, "visitors")


def _folders() -> dict[str, str]:
    """Each folder that is made, with its owner."""
    program = f"install() {{ echo $3 $8; }}\n{_step('folders_of_visitor')}\nfolders_of_visitor"
    said = run(["sh", "-euc", program], {"PATH": "/usr/bin:/bin"})
    return {folder: owner for owner, folder in map(str.split, said.splitlines())}


@pytest.mark.parametrize("unit", _UNITS)
def test_every_folder_that_a_unit_opens_or_shuts_is_there(unit):
    text = (ROOT / "deploy" / unit).read_text()
    named = re.findall(r"^(?:ReadWritePaths|InaccessiblePaths)=(.+)$", text, re.MULTILINE)
    assert named
    # What begins with a minus may be missing.
    needed = [path for line in named for path in line.split() if not path.startswith("-")]
    assert [path for path in needed if path not in _folders()] == []


def test_no_folder_is_given_to_a_user_whom_the_machine_lacks():
    (made,) = re.findall(r"grep -E '(.+)' deploy/sysusers\.conf", _step("visitor"))
    lines = (ROOT / "deploy" / "sysusers.conf").read_text().splitlines()
    users = {line.split()[1] for line in lines if re.search(made, line) and line[0] == "u"}
    assert users == {"sapo-public"}
    assert set(_folders().values()) == {"root", *users}
    assert _folders()["/var/lib/sapo/edition"] == "sapo-public"


def test_what_is_started_and_put_in_place_lies_in_deploy():
    assert all(unit in _step("units_of_visitor") for unit in (*_UNITS, "sapo@.socket"))
    named = set(re.findall(r"(?<![\w/])deploy/[\w@-]+(?:\.\w+)?", _SCRIPT)) - {"deploy/nginx-"}
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []
    parts = re.findall(r"for part in (.+); do", _step("nginx_of_visitor"))
    assert all((ROOT / f"deploy/nginx-{part}.conf").exists() for part in parts[0].split())
    assert "deploy/manage --as root collectstatic" in _step("visitor")


@pytest.fixture
def manage(tmp_path: Path) -> Path:
    """`deploy/manage` of a machine whose settings lie in `tmp_path / "etc"`; it says what it would run."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "deploy").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
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
