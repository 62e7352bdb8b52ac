"""The lines of docs/operations.md for backups, run as they stand there, on a server of their own."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.tips.conftest import installed
from tests.postgres import Cluster, lacking, section

pytestmark = pytest.mark.tips

# As on a bare machine, where the services' users are made by Install; here they are numbers.
_STAND_INS = {
    "runuser": '[ "$2" = postgres ] && exec /usr/sbin/runuser "$@"; export PGUSER=$2; shift 3; exec "$@"',
    "systemctl": 'echo "$@" >> systemctl.log',
}


class Bare:
    """The machine that is backed up and restored: its folders in one of the test's own."""

    def __init__(self, folder: Path, server: Cluster) -> None:
        self.folder = folder
        self.server = server
        self.var, self.backups = folder / "var", folder / "backups"
        for made in ("bin", "etc", "var/files/closed/documents", "var/files/public", "var/tips/sealed/1", "var/tips/incoming",
                     "var/exchange/tip_texts", "var/messages"):  # fmt: skip
            (folder / made).mkdir(parents=True)
        for name, script in _STAND_INS.items():
            (folder / "bin" / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / "bin" / name).chmod(0o755)
        for role in ("editorial", "desk"):
            variables = server.environment(role, "", self.var)
            del variables["PATH"], variables["PGUSER"]
            lines = (f"{name}='{value}'\n" for name, value in variables.items())
            (folder / "etc" / f"{role}.env").write_text("".join(lines))
        (folder / "etc" / "keyring.json").write_text("{}")
        code = folder / "code"
        code.mkdir()
        for name in ("deploy", ".venv", "manage.py"):
            path = Path(__file__).parents[3] / name
            (code / name).symlink_to(path) if name != "deploy" else shutil.copytree(
                path, code / name
            )
        manage = code / "deploy" / "manage"
        manage.write_text(self._here(manage.read_text()))

    def run(self, lines: str) -> subprocess.CompletedProcess[str]:
        """Runs lines of the document as root would, with this machine's folders."""
        return subprocess.run(
            [shutil.which("bash") or "", "-euc", self._here(lines)],
            cwd=self.folder,
            env={**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
                 "PGHOST": str(self.server.folder)},
            capture_output=True,
            text=True,
        )  # fmt: skip

    def _here(self, text: str) -> str:
        for there, here in (
            ("/var/lib/sapo", self.var), ("/var/backups/sapo", self.backups),
            ("/etc/sapo", self.folder / "etc"), ("/srv/sapo", self.folder / "code"),
            ("-g sapo-tips", "-g root"),
        ):  # fmt: skip
            text = text.replace(there, str(here))
        return text

    def databases(self) -> str:
        """All that is in both databases: tables, rows, counters, owners and rights."""
        dumps = (
            self.run(f"runuser -u postgres -- pg_dump {name}") for name in ("sapo", "sapo_tips")
        )
        # Without what PostgreSQL writes in another way each time, and the second time.
        passing = re.compile(r"^(\\(un)?restrict|CREATE UNIQUE INDEX .* WHERE) .*$", re.MULTILINE)
        return "".join(passing.sub("", dump.stdout) for dump in dumps)

    def files(self) -> dict[str, tuple[int, int, bytes]]:
        return {
            str(path.relative_to(self.var)): (path.stat().st_uid, path.stat().st_mode, content)
            for part in ("files", "messages", "tips/sealed")
            for path in sorted((self.var / part).rglob("*"))
            for content in [path.read_bytes() if path.is_file() else b""]
        }


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Bare]:
    if os.geteuid() != 0 or shutil.which("zstd") is None:
        lacking("zstd, och att testerna körs som root")
    with installed() as server:
        machine = Bare(tmp_path, server)
        with server.connect("sapo-editorial", "sapo") as website:
            website.execute(
                "INSERT INTO auth_user (username, password, first_name, last_name, email, is_active,"
                " is_staff, is_superuser, date_joined)"
                " VALUES ('anna', '!', 'Anna', 'Ek', '', true, false, false, now())"
            )
        file = machine.var / "files" / "closed" / "documents" / "arsbok.pdf"
        file.write_bytes(b"%PDF")
        (machine.var / "tips" / "sealed" / "1" / "body.age").write_bytes(b"age")
        (machine.var / "messages" / f"{'a' * 64}.json").write_bytes(b"{}")
        for path in (file, file.parent):
            os.chown(path, 61002, 61100)
        file.chmod(0o640)
        yield machine


def _lines(heading: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", section(heading), re.MULTILINE | re.DOTALL)


def test_what_is_backed_up_is_restored_by_the_lines_of_the_document(machine):
    [back_up] = _lines("Back up")
    make_anew, restore = _lines("Restore")
    databases, files = machine.databases(), machine.files()
    assert "anna" in databases

    done = machine.run(back_up)
    assert done.returncode == 0, done.stderr
    made = {path.name: path.stat() for path in machine.backups.iterdir()}
    assert made.keys() == {
        "sapo.dump",
        "files.tar.zst",
        "messages.tar.zst",
        "tips.dump",
        "tips.tar.zst",
        "keyring.json",
    }
    assert {status.st_mode & 0o777 for status in made.values()} == {0o600}
    assert all(status.st_size for status in made.values())

    # Over what is still there nothing is restored, and nothing of it is changed.
    restored = restore.splitlines()
    over = "\n".join(line for line in restored if "pg_restore" in line or line.startswith("cd"))
    assert machine.run(over).returncode != 0
    assert machine.databases() == databases

    for lost in (machine.var / name for name in ("files", "messages", "tips/sealed")):
        shutil.rmtree(lost)
    (machine.folder / "etc" / "keyring.json").unlink()
    for lines in (make_anew, restore):
        done = machine.run(lines)
        assert done.returncode == 0, done.stdout + done.stderr
    assert machine.databases() == databases
    assert machine.files() == files
    assert (machine.folder / "etc" / "keyring.json").stat().st_mode & 0o777 == 0o640
    assert "Inga texter är publicerade" in done.stdout  # the form's texts are written again


def test_what_the_lines_call_is_there_on_a_bare_machine():
    packages = re.findall(r"^apt-get install (.*)$", section("Install"), re.MULTILINE)
    assert "zstd" in packages[0].split()
    assert "--zstd" in "".join(_lines("Back up"))
