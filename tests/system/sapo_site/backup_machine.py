"""A machine that is backed up, and another that a backup is restored on, in folders of the test's own."""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

from tests.pace import until
from tests.postgres import ROOT, Cluster
from tests.rings import entries_for, intake_key_in, trust_in
from tips.sealing import age

_FOLDERS = (
    "files/closed", "files/public", "messages",
    "records", "records_spool/decided", "tips/incoming",
    "tips/sealed", "backup", "static",
)  # fmt: skip
_CODE = (".venv", "manage.py", "sapo_site", "pages", "cooperation", "tips", "templates", "static")


class BackupMachine:
    """Its settings, its folders and its PostgreSQL, below a root of its own."""

    def __init__(self, root: Path, server: Cluster) -> None:
        self.root, self.server = root, server
        self.var, self.settings = root / "var/lib/sapo", root / "etc/sapo"
        for name in ("bin", "code", "etc/sapo"):
            (root / name).mkdir(parents=True)
        for name in _FOLDERS:
            (self.var / name).mkdir(parents=True)
        self._lay_code()
        self._lay_programs()

    def _lay_code(self) -> None:
        """The code, which finds its settings below this machine's root."""
        for name in _CODE:
            (self.root / "code" / name).symlink_to(ROOT / name)
        shutil.copytree(ROOT / "deploy", self.root / "code" / "deploy")
        manage = self.root / "code" / "deploy" / "manage"
        text = manage.read_text().replace("/etc/sapo", str(self.settings))
        # Where a service looks by itself: no file of settings says it, so that a rehearsal finds its own.
        where = "".join(f"{name}='{path}'\n" for name, path in self._where.items())
        assert text.count("SAPO_ROLES=$role\n") == 1
        manage.write_text(text.replace("SAPO_ROLES=$role\n", f"SAPO_ROLES=$role\n{where}"))

    @property
    def _where(self) -> dict[str, str]:
        return {
            "SAPO_TIPS_TRUST": str(self.settings / "trust"),
            "SAPO_INTAKE_KEY": str(self.settings / "intake.key"),
        }

    def _lay_programs(self) -> None:
        """What the test's machine has another of: services' users, PostgreSQL's unit, systemd's seal."""
        control = f"/usr/sbin/runuser -u postgres -- {self.server.programs}/pg_ctl -D {self.server.folder}/data"
        options = (
            f"-c listen_addresses= -c unix_socket_directories={self.server.folder} -c fsync=off"
        )
        mine = f"SEALED-TO-{self.root.name}:"
        programs = {
            "runuser": 'export PGUSER=$2; shift 3; exec "$@"',
            # There are no services' users, and PostgreSQL trusts whoever says that it is one.
            "setpriv": '[ "$1" != --reuid=postgres ] || exec /usr/bin/setpriv "$@"\n'
            'while [ "$1" != -- ]; do shift; done; shift; exec "$@"',
            "systemctl": f"cd {self.server.folder}; case $1 in\n"
            f" stop) exec {control} -m fast -w stop > /dev/null ;;\n"
            f" start) exec {control} -l log -o '{options}' -w start > /dev/null ;;\nesac",
            "systemd-creds": "case $1 in\n"
            f" decrypt) grep -q '^{mine}' \"$3\" && sed 's/^{mine}//' \"$3\" ;;\n"
            f' encrypt) sed \'s/^/{mine}/\' "$3" > "$4" ;;\nesac',
        }
        for name, script in programs.items():
            path = self.root / "bin" / name
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PATH": f"{self.root}/bin:{os.environ['PATH']}",
            "PGHOST": str(self.server.folder),
            "SAPO_BACKUP_ROOT": str(self.root),
        }

    def become_the_site(self, recipient: str, target: str) -> None:
        """Settings of all services, a keyring, and what a backup needs."""
        for role in ("public", "editorial", "intake", "desk"):
            variables = self.server.environment(
                role, "", self.var, SAPO_EDITION_URL="", SAPO_SECRET_KEY=""
            )
            del variables["PATH"], variables["PGUSER"], variables["PGHOST"]
            lines = (f"{name}='{value}'\n" for name, value in variables.items())
            (self.settings / f"{role}.env").write_text("".join(lines))
            (self.settings / f"{role}.SAPO_SECRET_KEY.cred").write_text(
                f"SEALED-TO-{self.root.name}:{secrets.token_urlsafe(64)}"
            )
        trust_in(self.settings / "trust", entries_for([age.generate_identity().recipient]))
        intake_key_in(self.settings / "intake.key")
        (self.settings / "backup.recipients").write_text(f"{recipient}\n")
        (self.settings / "backup.target").write_text(f"{target}\n")
        with (self.server.folder / "data" / "postgresql.conf").open("a") as file:
            file.write((ROOT / "deploy" / "postgresql-backup.conf").read_text())
        self.server._own("pg_ctl", "-D", "data", "reload")

    def manage(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.root / "code/deploy/manage"), *words],
            env=self.environment, input=stdin, capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def start(self, *words: str, log: str) -> subprocess.Popen[bytes]:
        with (self.root.parent / log).open("wb") as file:
            return subprocess.Popen(
                [str(self.root / "code/deploy/manage"), *words],
                env=self.environment, stdout=file, stderr=file,
            )  # fmt: skip

    def as_service(self, role: str) -> dict[str, str]:
        """The environment of a program that a test runs as the service."""
        return self.server.environment(
            role, f"sapo-{role}", self.var, **self._where, SAPO_EDITION_URL="", PYTHONPATH=str(ROOT), PYTHONDONTWRITEBYTECODE="1",
            PYTHONUNBUFFERED="1",
        )  # fmt: skip

    def install_anew(self) -> "BackupMachine":
        """Another machine, as Install leaves it before there is a site: an empty PostgreSQL."""
        self.server._own("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "--no-sync")
        self.server.start()
        with self.server.connect("postgres", "postgres") as connection:
            connection.execute('CREATE ROLE "sapo-editorial" LOGIN')
            connection.execute('CREATE DATABASE sapo OWNER "sapo-editorial" TEMPLATE template0')
        return BackupMachine(self.root, self.server)

    def burn(self) -> None:
        """Nothing of the machine is left."""
        pid = int((self.server.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{pid}").exists(), 10)
        shutil.rmtree(self.server.folder / "data")
        shutil.rmtree(self.root)


def make_key() -> tuple[str, str]:
    """An age key that is made elsewhere: what opens, and to what is sealed."""
    made = subprocess.run([shutil.which("age-keygen") or ""], capture_output=True, text=True)
    return made.stdout, made.stderr.split()[-1]
