"""A mirror on loopback: an sshd with the forced command, and nginx with the configuration that is shipped."""

import getpass
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sapo_site.operating.mirror import Mirror
from tests.lacking import lacking
from tests.nginx import Nginx, free_port, free_ports
from tests.postgres import ROOT

_SSHD = Path("/usr/sbin/sshd")


class MirrorMachine:
    """What deploy/install -- mirror makes, below a folder; and what it makes on the first machine."""

    def __init__(self, folder: Path, var: Path) -> None:
        for program, package in ((_SSHD, "openssh-server"), (Path("/usr/bin/rrsync"), "rsync")):
            if not program.exists():
                lacking(package)
        self.folder, self.var = folder, var
        self.keys, self.site = folder / "keys", folder / "site"
        for each in (self.keys, self.site):
            each.mkdir(parents=True)
        for name in ("mirror.ssh", "mirror.sign", "stranger", "host"):
            self._key(name)
        self.port = free_port()
        self.signers = folder / "signers"
        self.signers.write_text(
            f'sapo-edition namespaces="sapo-edition" {self._public("mirror.sign")}'
        )
        command = f'restrict,command="{ROOT}/deploy/mirror {self.site} {self.signers}"'
        (folder / "authorized_keys").write_text(f"{command} {self._public('mirror.ssh')}")
        (self.keys / "mirror.known_hosts").write_text(
            f"[127.0.0.1]:{self.port} {self._public('host')}"
        )
        self.target = f"{getpass.getuser()}@127.0.0.1:{self.port}"
        (var / "mirrors" / self.target).mkdir(parents=True)
        # nginx reads there what the first machine has in /var/lib/sapo.
        (folder / "nginx").mkdir()
        self.front = Nginx(folder / "nginx", self.site / "current", *free_ports(2))
        self.front.write(site="nginx-mirror.conf")

    def _key(self, name: str) -> None:
        subprocess.run(
            ["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.keys / name],
            check=True,
        )

    def _public(self, name: str) -> str:
        return (self.keys / f"{name}.pub").read_text()

    @contextmanager
    def sshd(self) -> Iterator[None]:
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        options = {
            "ListenAddress": f"127.0.0.1:{self.port}", "HostKey": self.keys / "host", "PidFile": "none",
            "AuthorizedKeysFile": self.folder / "authorized_keys", "StrictModes": "no", "UsePAM": "no",
            "PasswordAuthentication": "no", "KbdInteractiveAuthentication": "no",
            "PermitRootLogin": "forced-commands-only",
        }  # fmt: skip
        (self.folder / "sshd_config").write_text(
            "".join(f"{name} {value}\n" for name, value in options.items())
        )
        with (self.folder / "sshd.log").open("ab") as log:
            process = subprocess.Popen(
                [_SSHD, "-D", "-e", "-f", self.folder / "sshd_config"], stdout=log, stderr=log
            )
        try:
            until = time.monotonic() + 20
            while "listening" not in (said := (self.folder / "sshd.log").read_text()):
                assert process.poll() is None, said
                assert time.monotonic() < until, said
                time.sleep(0.02)
            yield
        finally:
            process.terminate()
            process.wait(20)

    @contextmanager
    def followed(self) -> Iterator[Path]:
        """Sends as the unit does; yields what it has said."""
        log = self.folder / "push.log"
        with log.open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "sapo_site.operating.mirror", self.target], cwd=ROOT, stdout=said, stderr=said,
                env={**os.environ, "SAPO_VAR": str(self.var), "CREDENTIALS_DIRECTORY": str(self.keys)},
            )  # fmt: skip
        try:
            yield log
        finally:
            process.terminate()
            process.wait(20)

    def sender(self) -> Mirror:
        return Mirror(self.target, self.var, self.keys)

    def take(self) -> "subprocess.CompletedProcess[str]":
        """Lets the mirror judge what lies there, as when something has been sent."""
        return subprocess.run(
            [ROOT / "deploy" / "mirror", self.site, self.signers], capture_output=True, text=True
        )

    def sign(self, manifest: bytes, key: str = "mirror.sign") -> None:
        """Lays a manifest there, signed."""
        incoming = self.site / "incoming"
        (incoming / "manifest").write_bytes(manifest)
        done = subprocess.run(
            ["/usr/bin/ssh-keygen", "-Y", "sign", "-q", "-f", self.keys / key, "-n", "sapo-edition"],
            input=manifest, capture_output=True, check=True,
        )  # fmt: skip
        (incoming / "manifest.sig").write_bytes(done.stdout)

    def serial(self) -> int:
        return int(
            re.findall(rb"^serial (\d+)\n", (self.site / "current/manifest").read_bytes())[0]
        )

    def shown(self) -> dict[str, bytes]:
        """Every file that it shows."""
        current = (self.site / "current").resolve()
        return {
            path.relative_to(current).as_posix(): path.read_bytes()
            for path in current.rglob("*")
            if path.is_file()
        }
