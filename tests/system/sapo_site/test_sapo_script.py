"""The script that sets everything up: it must work where nothing else does yet."""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import textwrap
import tomllib
import zipfile
from pathlib import Path

import pytest

from sapo_site.script import checking, environment, locking, words

PROJECT = Path(__file__).resolve().parents[3]
SCRIPT = PROJECT / "sapo"
PRODUCTION = [
    "requirements.txt",
    "tips/opener/requirements.txt",
]  # fmt: skip
LOCKS = [
    "requirements.txt", "tests/requirements.txt", "tests/requirements-browser.txt",
    "tests/requirements-system.txt", "tools/requirements.txt", "tools/requirements-uv.txt",
    "tests/requirements-next.txt",
]  # fmt: skip
OFFLINE = {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1"}


def _uv_in(folder: Path) -> Path:
    """A package that pip installs without a network: its program is the uv that is installed here."""
    path = folder / "uv-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        uv = Path(sys.executable).with_name("uv")
        program = zipfile.ZipInfo("uv-1.data/scripts/uv")
        program.external_attr = 0o100755 << 16
        wheel.writestr(program, f'#!/bin/sh\nexec {uv} "$@"\n')
        wheel.writestr("uv-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: uv\nVersion: 1\n")
        wheel.writestr("uv-1.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("uv-1.dist-info/RECORD", "")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the script, empty locks and a manage.py that says how it was called."""
    shutil.copy(SCRIPT, tmp_path)
    (tmp_path / "sapo_site").mkdir()
    (tmp_path / "sapo_site" / "__init__.py").touch()
    shutil.copytree(PROJECT / "sapo_site" / "script", tmp_path / "sapo_site" / "script")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tools").mkdir()
    for name in LOCKS:
        (tmp_path / name).write_text("# nothing to install\n")
    digest = hashlib.sha256(_uv_in(tmp_path).read_bytes()).hexdigest()
    (tmp_path / environment.UV).write_text(f"uv==1 --hash=sha256:{digest}\n")
    (tmp_path / "manage.py").write_text(
        textwrap.dedent(
            """
            import json, os, sys
            names = ("DJANGO_SETTINGS_MODULE", "SAPO_VAR")
            said = {"words": sys.argv[1:], "folder": os.getcwd(), "prefix": sys.prefix}
            print(json.dumps({**said, **{name: os.environ[name] for name in names}}))
            sys.exit(7)
            """
        )
    )
    return tmp_path


@pytest.fixture
def here(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That project, as the one whose script this process is."""
    monkeypatch.setattr(environment, "ROOT", str(project))
    monkeypatch.setenv("SAPO_VAR", str(project / "var"))
    monkeypatch.delenv("SAPO_PYTHON", raising=False)
    return project


def run(
    project: Path, *words: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith(("SAPO", "DJANGO", "PORT"))
    }
    return subprocess.run(
        [str(project / "sapo"), *words],
        env=inherited
        | OFFLINE
        | {"SAPO_PYTHON": sys.executable, "PIP_FIND_LINKS": str(project)}
        | environment,
        cwd=cwd or project,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def program(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


# It finds a Python


@pytest.mark.parametrize(
    ("asked", "code", "version"), [("run", 1, "3.11"), ("test --next", 2, "3.12")]
)
def test_without_a_python_it_says_so_in_one_line(project, tmp_path, asked, code, version):
    old = program(tmp_path / "old-python", "exit 1")
    for folder in ("/usr/bin/", "/usr/local/bin/"):
        text = (project / "sapo").read_text().replace(f" {folder}python3", f" {tmp_path}/python3")
        (project / "sapo").write_text(text)
    for name in ("dirname", "readlink"):
        (tmp_path / name).symlink_to(shutil.which(name))

    answer = run(
        project, *asked.split(), PATH=str(tmp_path), PYENV_ROOT=str(tmp_path), SAPO_PYTHON=old
    )

    assert answer.returncode == code
    assert answer.stderr.splitlines()[0] == f"SAPO_PYTHON={old} duger inte, letar vidare."
    assert answer.stderr.splitlines()[1].startswith(
        f"Ingen Python {version} eller nyare går att köra"
    )
    assert answer.stderr.count("\n") == 2


def test_one_that_is_too_old_or_does_not_run_is_passed_over(project, tmp_path):
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin" / "python3", "exit 1")
    program(tmp_path / "bin" / "python3.14", "echo 'pyenv: command not found' >&2; exit 127")
    program(tmp_path / "bin" / "python3.13", f'exec {sys.executable} "$@"')

    answer = run(project, "help", PATH=f"{tmp_path}/bin:/usr/bin:/bin", SAPO_PYTHON="")

    assert (answer.returncode, answer.stderr) == (0, "")
    assert "./sapo run" in answer.stdout


# It installs what the locks say, and heals


@pytest.fixture
def calls(here: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What it did, in a project where making and installing only pretend."""
    done: list[str] = []

    def make(folder: str) -> None:
        done.append("make")
        for each in ("bin/python", environment.VERSION_FOLDER):
            Path(folder, each).mkdir(parents=True, exist_ok=True)

    def install(_python: str, locks: list[str]) -> None:
        done.append("install " + " ".join(locks))

    monkeypatch.setattr(environment, "make_venv", make)
    monkeypatch.setattr(environment, "install", install)
    return done


def test_what_is_installed_is_left_alone(here, calls):
    environment.ready_venv(["requirements.txt"])
    environment.ready_venv(["requirements.txt"])

    assert calls == ["make", "install requirements.txt"]


def test_the_tools_are_added_when_they_are_asked_for(here, calls):
    environment.ready_venv(["requirements.txt"])
    both = ["requirements.txt", "tests/requirements.txt"]
    environment.ready_venv(both)
    environment.ready_venv(["requirements.txt"])

    assert calls == ["make", "install requirements.txt", "install " + " ".join(both)]


def test_what_has_more_is_left_alone(here, calls):
    environment.ready_venv(["requirements.txt", "tests/requirements.txt"])
    environment.ready_venv(["tools/requirements.txt"])
    environment.ready_venv(["tools/requirements.txt", "requirements.txt"])

    assert len(calls) == 3  # made, and installed twice


@pytest.mark.parametrize(
    ("arguments", "locks"),
    [
        ([], []),
        (["--changed"], []),
        (["tests/unit", "-x"], []),
        (["--browser"], [environment.BROWSER]),
        (
            ["tests/system/tips/test_interop.py::test_one"],
            [environment.BROWSER, environment.SYSTEM],
        ),
        (["--long"], [environment.BROWSER, environment.SYSTEM, environment.TOOLS]),
        (["--browser", "--system"], [environment.BROWSER, environment.SYSTEM]),
    ],
)
def test_what_only_some_tests_need_is_installed_for_these(arguments: list[str], locks: list[str]):
    assert words.more_for(arguments) == locks


def test_a_changed_lock_is_installed(calls, project):
    environment.ready_venv(["requirements.txt"])
    (project / "requirements.txt").write_text("# something else\n")
    environment.ready_venv(["requirements.txt"])

    assert calls == ["make", "install requirements.txt", "install requirements.txt"]


def test_an_installation_that_was_cut_off_begins_anew(here, calls, monkeypatch):
    install = environment.install

    def cut_off(python: str, locks: list[str]) -> None:
        install(python, locks)
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr(environment, "install", cut_off)
        with pytest.raises(KeyboardInterrupt):
            environment.ready_venv(["requirements.txt"])
    environment.ready_venv(["requirements.txt"])

    assert calls == ["make", "install requirements.txt"] * 2


def test_an_environment_of_another_python_is_made_anew(here, calls, monkeypatch):
    environment.ready_venv(["requirements.txt"])
    monkeypatch.setattr(environment, "VERSION_FOLDER", "lib/python3.99")
    environment.ready_venv(["requirements.txt"])

    assert calls == ["make", "install requirements.txt"] * 2


def test_it_ends_in_manage_py_where_the_user_stands(project, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    first = run(project, "import_pages", "fil.docx", cwd=elsewhere, SAPO_VAR="data")
    (project / ".venv" / "bin" / "python").unlink()  # as after an upgrade of the system
    healed = run(project, "import_pages", "fil.docx", cwd=elsewhere, SAPO_VAR="data")

    assert "Skapar .venv" in first.stdout
    for answer in (first, healed):
        assert answer.returncode == 7, answer.stderr
        said = json.loads(answer.stdout.splitlines()[-1])
        assert said["words"] == ["import_pages", "fil.docx"]
        assert said["folder"] == str(elsewhere)
        assert said["prefix"] == str(project / ".venv")
        assert said["SAPO_VAR"] == str(elsewhere / "data")
        assert said["DJANGO_SETTINGS_MODULE"] == "sapo_site.settings.demo"


def test_a_package_that_is_not_as_it_was_locked_is_refused(project):
    other = f"uv==1 --hash=sha256:{'0' * 64}\n"
    (project / environment.UV).write_text(other)
    first = run(project, "anything")
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in first.stderr
    assert first.stderr.rstrip().endswith("Installerar tools/requirements-uv.txt gick inte.")


def test_what_uv_said_is_shown_when_it_fails(project):
    (project / "requirements.txt").write_text("./no-such-folder\n")

    answer = run(project, "run", PORT="18471")

    assert answer.returncode == 1
    assert "no-such-folder" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert answer.stderr.rstrip().endswith("Installerar requirements.txt gick inte.")


def test_a_second_one_waits_while_the_first_sets_up(here, project):
    door = environment.only_one_sets_up()
    second = subprocess.Popen(
        [project / "sapo", "anything"],
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            **OFFLINE,
            "SAPO_PYTHON": sys.executable,
            "PIP_FIND_LINKS": str(project),
        },
    )
    try:
        assert "Väntar" in second.stdout.readline()
        assert not (project / ".venv").exists()
        door.close()
        second.communicate(timeout=60)
    finally:
        second.kill()

    assert second.returncode == 7  # it went on, to manage.py


# It builds what opens tips in a browser


@pytest.fixture
def built(project: Path) -> Path:
    """That project, with a build that notes each time how it was called."""
    folder = project / "tips" / "opener"
    folder.mkdir(parents=True)
    (folder / "build.py").write_text(
        textwrap.dedent(
            """
            import pathlib, sys
            project = pathlib.Path(__file__).parents[2]
            with open(project / "asked", "a") as asked:
                asked.write(" ".join(sys.argv[1:]) + "\\n")
            if sys.argv[1:] == ["--check"]:
                sys.exit(0 if (project / "built").exists() else 1)
            if (project / "unreachable").exists():
                sys.exit("Registret svarar inte.")
            (project / "built").touch()
            """
        )
    )
    return project


def test_what_opens_tips_is_built_once(built):
    first = run(built, "anything", SAPO_VAR="data")
    second = run(built, "anything", SAPO_VAR="data")

    assert "Bygger det som öppnar tips i webbläsaren" in first.stdout
    assert "Bygger" not in second.stdout
    assert (first.returncode, second.returncode) == (7, 7)  # that of manage.py
    assert (built / "asked").read_text().splitlines() == ["--check", "", "--check"]


def test_when_it_cannot_be_built_the_reason_is_shown_and_nothing_starts(built):
    (built / "unreachable").touch()

    answer = run(built, "anything", SAPO_VAR="data")

    assert answer.returncode == 1
    assert answer.stderr.splitlines() == [
        "Registret svarar inte.",
        "Bygger det som öppnar tips i webbläsaren gick inte.",
    ]
    assert "words" not in answer.stdout


# It refuses what cannot work, before anything takes time


@pytest.mark.parametrize("word", ["run", "dev"])
def test_a_busy_port_is_told_before_anything_is_installed(project, word):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = run(project, word, PORT=str(port))

    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert f"Port {port} är upptagen" in answer.stderr
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("port", ["åtta", "0", "65536", "-1", "80 80", "٨٠٠٠"])
def test_what_is_no_port_is_refused(project, port):
    answer = run(project, "run", PORT=port)

    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "är ingen port" in answer.stderr


def test_a_data_folder_that_cannot_be_is_refused(project):
    (project / "file").touch()

    answer = run(project, "migrate", SAPO_VAR="file/var")

    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "datamappen" in answer.stderr


@pytest.mark.parametrize("words", [["run", "--port", "9000"], ["check", "x"], ["--fel"]])
def test_words_it_does_not_know_are_refused_in_one_line(project, words):
    answer = run(project, *words)

    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [[], ["help"], ["--help"]])
def test_it_lists_what_it_can_do(project, words):
    answer = run(project, *words)

    assert answer.returncode == 0
    for word in ("run", "dev", "test", "test --next", "check", "bench", "lock", "sbom", "messages"):
        assert f"./sapo {word}" in answer.stdout
    assert "SAPO_VAR" in answer.stdout


# Checks


def test_every_check_runs_and_those_that_failed_are_shown(here, monkeypatch, capsys):
    def says(text: str, code: int) -> list[str]:
        return [sys.executable, "-c", f"import sys; print({text!r}); sys.exit({code})"]

    monkeypatch.setattr(checking, "ready_venv", lambda *_: sys.executable)
    steps = [("Ett", says("one", 1), {}), ("Två", says("two", 0), {}), ("Tre", says("3", 2), {})]
    monkeypatch.setattr(checking, "checks", lambda _python: steps)
    monkeypatch.chdir(PROJECT)

    with pytest.raises(SystemExit) as ended:
        words.do(["check"])

    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines()[:3]] == ["✗", "✓", "✗"]
    assert re.search(r"── Ett\none\n\n── Tre\n3\n", said)
    assert "two" not in said
    assert "2 av 3 kontroller hittade fel." in said


# Locks


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_says_who_made_it(name):
    lock = (PROJECT / name).read_text()

    assert "./sapo lock" in lock.splitlines()[1]
    assert "http" not in lock
    assert "--index" not in lock


def test_everything_asked_for_is_in_its_lock():
    asked = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    groups = asked["dependency-groups"]
    wishes = {
        "requirements.txt": asked["project"]["dependencies"],
        "tests/requirements.txt": groups["tests"],
        "tests/requirements-browser.txt": groups["browser"],
        "tests/requirements-system.txt": groups["system"],
        "tools/requirements.txt": groups["tools"],
        "tests/requirements-next.txt": asked["project"]["dependencies"] + groups["tests"],
    }
    for name, names in wishes.items():
        locked = re.findall(r"^([\w.-]+)==", (PROJECT / name).read_text(), re.MULTILINE)
        for wish in (each for each in names if isinstance(each, str)):
            assert re.match(r"[\w.-]+", wish).group().lower() in locked, f"{wish} in {name}"


def test_everything_in_the_locks_of_production_is_on_the_bill_of_materials(project):
    shutil.copytree(PROJECT / "tips" / "opener", project / "tips" / "opener",
                    ignore=shutil.ignore_patterns("node_modules"))  # fmt: skip
    (project / "deploy").mkdir()
    locks = [each for each in PRODUCTION if each.startswith(("requirements", "deploy"))]
    for name in locks:
        shutil.copy(PROJECT / name, project / name)

    answer = run(project, "sbom")

    assert answer.returncode == 0
    assert answer.stderr == ""
    bill = json.loads(answer.stdout)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    listed = {part["purl"]: part for part in bill["components"]}
    for name in PRODUCTION:
        lock = (project / name).read_text()
        locked = re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE)
        assert locked
        for package, version in locked:
            part = listed[f"pkg:pypi/{package}@{version}"]
            sums = [each["value"] for each in part["properties"]]
            assert sums
            assert f"--hash=sha256:{sums[0]}" in lock or name.startswith("deploy/")
    asked = json.loads((project / "tips/opener/package.json").read_text())
    for package, version in asked["dependencies"].items():
        assert f"pkg:npm/{package}@{version}" in listed
    for package, version in asked["devDependencies"].items():
        assert f"pkg:npm/{package}@{version}" not in listed
    assert not any("pytest" in purl or "ruff" in purl for purl in listed)
    assert run(project, "sbom").stdout == answer.stdout


def test_the_next_lock_differs_in_the_frameworks():
    wishes = locking.wishes_for_next()

    assert "Django>=6.1.3,<6.2" in wishes
    assert len([wish for wish in wishes if wish.lower().startswith("wagtail>")]) == 1
    assert "whitenoise[brotli]>=6.12" in wishes
