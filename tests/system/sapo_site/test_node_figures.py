"""What Prometheus is told of the machine: how it is, nothing of a person, and nothing of a tip."""

import os
import re
import shutil
import socketserver
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from sapo_site.operating.node_figures import READY, Machine
from tests.nginx import certificate_in
from tests.postgres import ROOT

# Whatever changes with the clock or the versions.
_PASSING = re.compile(r"^sapo_(figures_timestamp|records_waiting|disk_free).*\n", re.MULTILINE)


class _Service(BaseHTTPRequestHandler):
    """Answers as a service behind nginx does: by name, and whether it is ready."""

    is_ready = True

    def do_GET(self) -> None:
        is_right = (self.path, self.headers["Host"]) == (READY, "www.sapo.example")
        self.send_response(200 if is_right and _Service.is_ready else 503)
        self.end_headers()

    def address_string(self) -> str:
        return ""

    def log_message(self, *_about: object) -> None:
        pass


@pytest.fixture
def machine(monkeypatch, tmp_path_factory):
    """A first machine on which all is well, below a folder."""
    root = Path("/tmp") / f"sapo-figures-{os.getpid()}"  # noqa: S108 (a socket's path)
    for made in ("etc/sapo", "etc/ssl/sapo", "run/sapo", "srv/sapo/deploy", "bin", "shown",
                 "var/lib/sapo/backup", "var/lib/sapo/records_spool", "var/lib/sapo/tips/sealed",
                 "var/spool/smtpd/queue/1a/1a2b3c4d"):  # fmt: skip
        (root / made).mkdir(parents=True)
    machine = Machine(root)
    for role in ("public", "editorial"):
        (root / f"etc/sapo/{role}.env").write_text(
            "SAPO_HOSTS='www.sapo.example,redaktion.sapo.example'\n"
        )
    certificate_in(root / "etc/ssl/sapo")
    (root / "var/lib/sapo/backup/last_good").write_text("2026-11-27T02:00:00+01:00 1/28\n")
    for program, said in (
        (machine.manage, "sapo_due_not_published 0"),
        (root / "bin/systemctl", ""),
    ):
        program.write_text(f"#!/bin/sh\n{f'echo {said}' if said else 'true'}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{root}/bin:{os.environ['PATH']}")
    monkeypatch.setattr(_Service, "is_ready", True)
    service = socketserver.ThreadingUnixStreamServer(str(root / "run/sapo/public.sock"), _Service)
    threading.Thread(target=service.serve_forever, args=(0.05,)).start()
    try:
        yield machine
    finally:
        service.shutdown()
        service.server_close()
        shutil.rmtree(root)


def _shown(machine: Machine) -> str:
    machine.show(machine.root / "shown/sapo.prom")
    return (machine.root / "shown/sapo.prom").read_text()


def test_how_the_machine_is_stands_in_one_file_that_is_written_whole(machine):
    shown = _shown(machine)
    assert 'sapo_ready{role="public"} 1\n' in shown
    assert 'sapo_ready{role="editorial"} 0\n' in shown  # it does not answer
    assert "intake" not in shown  # it is not on this machine
    assert "sapo_due_not_published 0\n" in shown
    backup = datetime(2026, 11, 27, 1, tzinfo=UTC).timestamp()
    assert f"sapo_last_good_backup_timestamp_seconds {backup:.0f}\n" in shown
    days = int(re.findall(r"sapo_certificate_ends_timestamp_seconds (\d+)", shown)[0]) - time.time()
    assert days > 0
    assert all(re.fullmatch(r'sapo_\w+(\{[\w=",.]+\})? \d+', line) for line in shown.splitlines())
    assert [path.name for path in (machine.root / "shown").iterdir()] == ["sapo.prom"]
    assert (machine.root / "shown/sapo.prom").stat().st_mode & 0o777 == 0o644


def test_what_goes_wrong_is_seen(machine):
    before = _PASSING.sub("", _shown(machine))
    assert {"sapo_mails_waiting 0", "sapo_failed_units 0"} <= set(before.splitlines())
    _Service.is_ready = False
    (machine.root / "var/spool/smtpd/queue/1a/1a2b3c4d/1a2b3c4d5e6f7a8b").touch()
    (machine.root / "bin/systemctl").write_text(
        "#!/bin/sh\necho sapo-edition.service loaded failed\n"
    )
    (machine.var / f"records_spool/{time.time() - 1000:.0f}-a.items").touch()
    # A service may put there what it likes.
    (machine.var / "records_spool/x-y.items").symlink_to("/etc/hostname")
    machine.manage.write_text("#!/bin/sh\necho half\nexit 1\n")
    (machine.var / "backup/last_good").unlink()
    shown = _shown(machine)
    assert 'sapo_ready{role="public"} 0\n' in shown
    assert {"sapo_mails_waiting 1", "sapo_failed_units 1"} <= set(shown.splitlines())
    assert int(re.findall(r"sapo_records_waiting_seconds (\d+)", shown)[0]) in range(990, 1100)
    assert "due" not in shown
    assert "half" not in shown
    assert "backup" not in shown


def test_of_each_mirror_it_is_told_when_it_last_had_everything(machine):
    for name, said in (("m1.example.se", "2026-11-27T02:00:00+01:00 17\n"), ("m2.example.se", "")):
        (machine.var / "mirrors" / name).mkdir(parents=True)
        if said:
            (machine.var / "mirrors" / name / "last_good").write_text(said)
    shown = _shown(machine)
    sent = datetime(2026, 11, 27, 1, tzinfo=UTC).timestamp()
    assert f'sapo_sent_to_mirror_timestamp_seconds{{mirror="m1.example.se"}} {sent:.0f}\n' in shown
    assert 'sapo_sent_to_mirror_timestamp_seconds{mirror="m2.example.se"} 0\n' in shown


def test_nothing_in_it_changes_when_a_tip_comes(machine):
    before = _PASSING.sub("", _shown(machine))
    tip = machine.var / "tips/sealed/1"
    tip.mkdir()
    (tip / "body.age").write_bytes(bytes(1_000_000))
    assert _PASSING.sub("", _shown(machine)) == before
    free = re.findall(r"sapo_disk_free_gigabytes (\d+)\n", _shown(machine))[0]
    assert int(free) == shutil.disk_usage(machine.var).free // 1_000_000_000


def test_it_is_told_where_to_write(tmp_path):
    asked = [
        sys.executable,
        "-m",
        "sapo_site.operating.node_figures",
        str(tmp_path / "nowhere/sapo.prom"),
    ]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Ange en fil i en mapp som finns")
