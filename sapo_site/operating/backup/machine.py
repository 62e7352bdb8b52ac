"""Where everything lies, and who may open what."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

CODE = Path(__file__).resolve().parents[3]
# Names of the parts whose files are sent, and where below the site's folder they lie.
FILES = {
    "site": ("files", "messages", "records", "records_spool", "said"),
    "tips": ("tips",),
}

_SSH = (
    "BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=5", "ServerAliveCountMax=2",
    "IdentitiesOnly=yes", "StrictHostKeyChecking=yes",
)  # fmt: skip


class BackupError(Exception):
    """What an operator is told, in one line."""


@dataclass(frozen=True)
class MachinePlaces:
    """The folders of the machine, below another root where a backup is only tried."""

    root: Path = Path("/")

    @property
    def settings(self) -> Path:
        return self.root / "etc" / "sapo"

    @property
    def var(self) -> Path:
        return self.root / "var" / "lib" / "sapo"

    @property
    def state(self) -> Path:
        return self.var / "backup"

    def recipients(self, part: str) -> Path:
        """The keys that may open a part: its own where it has some, else those for everything."""
        own = self.settings / f"backup-{part}.recipients"
        found = own if own.exists() else self.settings / "backup.recipients"
        if not found.exists():
            raise BackupError(f"{found} saknas: nycklarna som säkerhetskopian låses till.")
        if b"AGE-SECRET-KEY" in found.read_bytes():
            raise BackupError(f"{found} har en hemlig nyckel, som aldrig får finnas här.")
        return found

    def keeper(self, name: str) -> tuple[list[str], dict[str, str]]:
        """The program that takes in the piece of that name, here or by ssh, and what it needs."""
        file = self.settings / "backup.target"
        try:
            target = file.read_text().strip()
        except OSError as error:
            raise BackupError(f"{file} saknas: vart säkerhetskopian skickas.") from error
        if target.startswith("/"):
            if not Path(target).is_dir():
                raise BackupError(f"Mappen {target} för säkerhetskopior finns inte.")
            keeping = str(CODE / "sapo_site/operating/backup/keeping.py")
            return [sys.executable, keeping, target], {"SSH_ORIGINAL_COMMAND": f"put {name}"}
        if not target.startswith("ssh://"):
            raise BackupError(f"{file} ska innehålla en mapp (/…) eller ssh://NAMN@DATOR.")
        options = [f"IdentityFile={self.settings / 'backup.ssh'}", *_SSH]
        options.append(f"UserKnownHostsFile={self.settings / 'backup.known_hosts'}")
        spelled = [word for option in options for word in ("-o", option)]
        return ["ssh", "-T", "-F", "none", *spelled, target, f"put {name}"], {"LC_ALL": "C.UTF-8"}


def this_machine() -> MachinePlaces:
    return MachinePlaces(Path(os.environ.get("SAPO_BACKUP_ROOT", "/")))
