"""`python -m sapo_site.operating.node_figures FILE`, as root: how the site is, in a file that node_exporter shows.

Nothing in it is about a person, and nothing changes when a tip comes. What cannot be found out is left
out: the rules in deploy/alerts.yml ask for what is missing, too.
"""

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

from .doctor import sent_to_mirror

_ROLES = ("public", "editorial", "intake", "desk")
READY = "/halsa/redo/"
_GIGABYTE = 1_000_000_000


@dataclass(frozen=True)
class Machine:
    """Where everything lies, below a folder that is / but in tests."""

    root: Path = Path("/")

    @property
    def var(self) -> Path:
        return self.root / "var/lib/sapo"

    @property
    def manage(self) -> Path:
        return self.root / "srv/sapo/deploy/manage"

    def figures(self) -> Iterator[str]:
        """A line for each figure."""
        yield f"sapo_figures_timestamp_seconds {time.time():.0f}"
        for role in _ROLES:
            if (settings := self.root / "etc/sapo" / f"{role}.env").exists():
                yield f'sapo_ready{{role="{role}"}} {int(self._is_ready(role, settings))}'
        yield from self._of_the_website()
        # In whole gigabytes: less would tell when a tip comes.
        yield f"sapo_disk_free_gigabytes {shutil.disk_usage(self.var).free // _GIGABYTE}"
        yield f"sapo_records_waiting_seconds {self._records_wait():.0f}"
        yield f"sapo_mails_waiting {self._mails_waiting()}"
        yield f"sapo_failed_units {self._failed_units()}"
        with suppress(OSError, ValueError, IndexError):
            said = (self.var / "backup/last_good").read_text().split()[0]
            yield f"sapo_last_good_backup_timestamp_seconds {datetime.fromisoformat(said).timestamp():.0f}"
        for mirror in sorted((self.var / "mirrors").glob("*/")):
            sent = sent_to_mirror(mirror)
            yield f'sapo_sent_to_mirror_timestamp_seconds{{mirror="{mirror.name}"}} {sent:.0f}'
        with suppress(OSError, ValueError):
            pem = (self.root / "etc/ssl/sapo/fullchain.pem").read_bytes()
            ends = x509.load_pem_x509_certificates(pem)[0].not_valid_after_utc
            yield f"sapo_certificate_ends_timestamp_seconds {ends.timestamp():.0f}"

    def _is_ready(self, role: str, settings: Path) -> bool:
        hosts = re.search(r"^SAPO_HOSTS=['\"]?([^,'\"\s]+)", settings.read_text(), re.MULTILINE)
        return self._asked(role, hosts[1] if hosts else "") == http.client.OK

    def _asked(self, role: str, host: str) -> int:
        connection = http.client.HTTPConnection("localhost")
        with socket.socket(socket.AF_UNIX) as plain, suppress(OSError, http.client.HTTPException):
            plain.settimeout(5)
            plain.connect(str(self.root / "run/sapo" / f"{role}.sock"))
            connection.sock = plain
            connection.request("GET", READY, headers={"Host": host, "X-Forwarded-Proto": "https"})
            return connection.getresponse().status
        return 0

    def _of_the_website(self) -> list[str]:
        if not (self.root / "etc/sapo/editorial.env").exists():
            return []  # a machine that serves visitors alone
        try:
            done = subprocess.run(  # noqa: S603  our own program
                [str(self.manage), "site_figures"], capture_output=True, text=True, timeout=60
            )
        except subprocess.TimeoutExpired:  # the database hangs
            return []
        return done.stdout.splitlines() if done.returncode == 0 else []

    def _records_wait(self) -> float:
        """How long what is to be filed first has waited."""
        waiting = (self.var / "records_spool").glob("*-*.*")
        begun = (each.name.partition("-")[0] for each in waiting)
        return max((time.time() - int(each) for each in begun if each.isdecimal()), default=0.0)

    def _mails_waiting(self) -> int:
        """In the queue of the mail server that deploy/install installs."""
        return len([*(self.root / "var/spool/smtpd/queue").glob("*/*/[0-9a-f]*")])

    def _failed_units(self) -> int:
        asked = [
            "systemctl",
            "list-units",
            "--failed",
            "--plain",
            "--no-legend",
            "sapo*",
            "nginx*",
            "postgresql*",
            "opensmtpd*",
        ]
        done = subprocess.run(  # noqa: S603  words of our own
            asked, capture_output=True, text=True, timeout=10
        )
        return len(done.stdout.splitlines())

    def show(self, shown: Path) -> None:
        """Writes the file whole or not at all."""
        lines = "".join(f"{line}\n" for line in self.figures())
        with tempfile.NamedTemporaryFile("w", dir=shown.parent, delete=False) as file:
            file.write(lines)
        os.chmod(file.name, 0o644)
        os.replace(file.name, shown)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (place := Path(sys.argv[1])).parent.is_dir():
        sys.exit("Ange en fil i en mapp som finns: /var/lib/prometheus/node-exporter/sapo.prom")
    Machine().show(place)
