"""`python -m sapo_site.operating.mirror [USER@]HOST[:PORT]`: sends the edition, signed, to one mirror, and goes on.

A mirror is sent what nginx would show without any service: each page of the current edition, and of the
former one what the current does not have yet. So what is withdrawn leaves it at once.

Services write what is read here, beside the keys: no link of theirs is followed, and none is sent.
"""

import errno
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from tips.plain_files import open_plain

# What the mirror asks the signature to be for, and by whom (deploy/mirror).
_NAMESPACE = "sapo-edition"
LOOKS_EVERY_SECONDS = 0.25
# Also when nothing is new, so that everybody sees that the way is open.
SENDS_AT_LEAST_EVERY_SECONDS = 300
# So long after a change the page that was published is written, and goes with the first sending.
_SETTLES_SECONDS = 0.5
_AFTER_A_FAULT_SECONDS = 2
_ENDINGS = ("", ".gz", ".br")
_ROOTS = ("static", "files/public")  # beside the edition
# What a service can cause by laying something else in a file's place; other faults stop the sending.
_THEIRS = {errno.ELOOP, errno.EINVAL, errno.ENXIO, errno.ENOTDIR, errno.EAGAIN}
_TARGET = re.compile(r"(?:([a-z][a-z0-9-]*)@)?([a-z0-9][a-z0-9.-]*)(?::(\d{1,5}))?")


class PushError(Exception):
    """What an operator is told, in one line."""


class Mirror:
    """One mirror, and what it was last sent."""

    def __init__(self, target: str, var: Path, keys: Path) -> None:
        if not (match := _TARGET.fullmatch(target)):
            raise PushError(
                "Ange spegelns namn, och dess port om den inte är 22: spegel.example.se"
            )
        self.user, self.host, self.port = match[1] or "sapo-mirror", match[2], match[3] or "22"
        self.var, self.keys = var, keys
        self.state = var / "mirrors" / target
        if not self.state.is_dir():
            raise PushError(f"{self.state} saknas: deploy/install -- mirrors.")
        self.staged = self.state / "staged"
        shutil.rmtree(self.staged, ignore_errors=True)
        self._passed_over: set[str] = set()
        self._pages: dict[str, str] = {}
        self._known: dict[str, tuple[tuple[int, int, int], str]] = {}
        self._sent: list[str] = []
        self._sent_at = self._serial = 0
        self._waits_for_whole = False
        with suppress(OSError, ValueError, IndexError):
            self._serial = int((self.state / "last_good").read_text().split()[1])

    def follow(self) -> None:
        """Sends what is new, for ever. What goes wrong is said once, and tried again."""
        done: object = None
        said = ""
        while True:
            seen = self._seen()
            is_due = time.time() - self._sent_at > SENDS_AT_LEAST_EVERY_SECONDS
            try:
                # Until an edition is whole, pages come that nothing here tells of.
                if seen != done or not self._is_whole() or is_due:
                    time.sleep(_SETTLES_SECONDS)
                    self.send()
                    done, said = seen, ""
            except (PushError, OSError) as error:
                done = None
                if said != (said := str(error)):
                    print(f"<3>{self.host}: {error}", file=sys.stderr, flush=True)
                time.sleep(_AFTER_A_FAULT_SECONDS)
            time.sleep(LOOKS_EVERY_SECONDS)

    def send(self) -> bool:
        """Sends what readers meet now; whether there was anything to send."""
        if not self._is_whole():
            # Somebody has removed all editions, and it is begun anew: the mirror keeps what it has meanwhile.
            self._waits_for_whole |= not (self.var / "edition" / "current").exists()
            if self._waits_for_whole:
                return False
        self._waits_for_whole = False
        self._lay_pages()
        of_pages = (f"{digest}  {path}" for path, digest in self._pages.items())
        lines = sorted([*of_pages, *self._digests()])
        if lines == self._sent and time.time() - self._sent_at < SENDS_AT_LEAST_EVERY_SECONDS:
            return False
        self._serial = max(self._serial + 1, time.time_ns() // 1_000_000)
        manifest = "".join(f"{line}\n" for line in (f"serial {self._serial}", *lines)).encode()
        _write(self.staged / "manifest", manifest)
        key = str(self.keys / "mirror.sign")
        sign = ["ssh-keygen", "-Y", "sign", "-q", "-f", key, "-n", _NAMESPACE]
        _write(self.staged / "manifest.sig", self._run(sign, manifest))
        # After a fault, files are not judged by size and time alone.
        judged = [] if self._sent else ["--checksum"]
        self._sent = []
        places = [f"{self.staged}/./", *(f"{self.var}/./{root}" for root in _ROOTS)]
        # Times to the nanosecond, as the mirror compares them: two sendings may come in a second.
        self._run(["rsync", "--recursive", "--times", "--remote-option=--modify-window=-1", "--relative", "--delete",
                   "--quiet", "--timeout=20", *judged, "-e", shlex.join(self._ssh()), *places, f"{self.host}:"])  # fmt: skip
        self._sent, self._sent_at = lines, int(time.time())
        part = self.state / "last_good.part"
        part.write_text(f"{datetime.now(UTC).isoformat(timespec='seconds')} {self._serial}\n")
        part.chmod(0o644)
        part.replace(self.state / "last_good")
        return True

    def _seen(self) -> object:
        """What changes whenever readers are to meet something else."""
        edition = self.var / "edition"
        names = ("current", "former", "current/whole", "emergency.html")
        return [_stamp(edition / name) for name in names]

    def _is_whole(self) -> bool:
        return (self.var / "edition" / "current" / "whole").exists()

    def _lay_pages(self) -> None:
        """Copies what has changed of the pages, since their folders go."""
        edition = self.var / "edition"
        found: dict[str, Path] = {}
        for name in ("former", "current"):
            for place, within, files in self._walk(edition / name):
                if "index.html" in files:
                    below = Path("edition/current", within).as_posix()
                    names = [f"index.html{end}" for end in _ENDINGS]
                    found |= {f"{below}/{name}": Path(place, name) for name in names}
        found["edition/emergency.html"] = edition / "emergency.html"
        pages = {}
        for path, source in found.items():
            with self._passing_over(source), open_plain(source) as file:
                content = file.read()
                pages[path] = hashlib.sha256(content).hexdigest()
                if self._pages.get(path) != pages[path]:
                    _write(self.staged / path, content)
        for path in self._pages.keys() - pages.keys():
            (self.staged / path).unlink(missing_ok=True)
        self._pages = pages

    def _digests(self) -> Iterator[str]:
        """A line for each file beside the edition; it is read again only if it is another one."""
        for root in _ROOTS:
            for place, within, files in self._walk(self.var / root):
                below = Path(root, within).as_posix()
                for name in files:
                    path = Path(place, name)
                    with self._passing_over(path):
                        yield f"{self._digest(path)}  {below}/{name}"

    def _digest(self, path: Path) -> str:
        status = path.lstat()
        stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
        known = self._known.get(str(path))
        if known is None or known[0] != stamp:
            with open_plain(path) as file:
                known = stamp, hashlib.file_digest(file, "sha256").hexdigest()
            self._known[str(path)] = known
        return known[1]

    def _walk(self, top: Path) -> Iterator[tuple[str, str, list[str]]]:
        """Each folder, where it is below the top, and its files. The top may be a link to what lies beside it."""
        real = os.path.realpath(top)
        if os.path.dirname(real) != os.path.realpath(top.parent):
            raise PushError(f"{top} leder någon annanstans.")
        for place, folders, files in os.walk(real):
            for path in (os.path.join(place, name) for name in folders):
                if os.path.islink(path):
                    self._say(path, "en länk")
            yield place, os.path.relpath(place, real), files

    @contextmanager
    def _passing_over(self, path: Path) -> Iterator[None]:
        """Goes on without what was withdrawn meanwhile, or never was; and without what is no file, which it says."""
        try:
            yield
        except FileNotFoundError:
            pass
        except OSError as error:
            if error.errno not in _THEIRS:
                raise
            self._say(str(path), "ingen fil")

    def _say(self, path: str, what: str) -> None:
        """Once, since everything is looked at each time."""
        if path not in self._passed_over:
            self._passed_over.add(path)
            print(f"<3>{self.host}: {path[:200]!r} är {what}, och skickas inte", file=sys.stderr, flush=True)  # fmt: skip

    def _ssh(self) -> list[str]:
        options = {
            "User": self.user, "Port": self.port, "BatchMode": "yes", "ConnectTimeout": "5",
            "ServerAliveInterval": "5", "ServerAliveCountMax": "2", "IdentitiesOnly": "yes",
            "IdentityFile": str(self.keys / "mirror.ssh"), "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": str(self.keys / "mirror.known_hosts"), "GlobalKnownHostsFile": "/dev/null",
        }  # fmt: skip
        spelled = [word for each in options.items() for word in ("-o", "=".join(each))]
        return ["ssh", "-T", "-F", "none", *spelled]

    def _run(self, words: list[str], given: bytes | None = None) -> bytes:
        done = subprocess.run(words, input=given, capture_output=True)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["inget svar"]
            ours = [line for line in said if line.startswith("Spegeln")]
            raise PushError(f"{words[0]}: {(ours or said)[0]}")
        return done.stdout


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _stamp(path: Path) -> object:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


if __name__ == "__main__":
    try:
        Mirror(
            " ".join(sys.argv[1:]),
            Path(os.environ.get("SAPO_VAR", "/var/lib/sapo")),
            Path(os.environ.get("CREDENTIALS_DIRECTORY", "/etc/sapo")),
        ).follow()
    except PushError as error:
        sys.exit(str(error))
