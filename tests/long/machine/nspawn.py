"""A bare Debian 13 in systemd-nspawn: its own systemd, its own network, nothing of the machine around it."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tests.postgres import ROOT
from tests.system.fault.server import free_port

MIRROR = "http://deb.debian.org/debian"
# Ends with the tests, also when these are killed.
_BOUND = ["setpriv", "--pdeathsig", "KILL", "--"]
_NSPAWN = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network"]
# What the network here signs by, if a proxy stands in it.
_AUTHORITY = os.environ.get("PIP_CERT", "")
# An archive that is not reached for a minute is no fault of the site: apt and pip try again.
DEBSTRAP = ["mmdebstrap", "--quiet", '--aptopt=Acquire::Retries "6"']
_FETCHING = ["PIP_RETRIES=8"]
if _AUTHORITY:
    _FETCHING += [f"{name}=/root/authority.pem" for name in ("PIP_CERT", "NODE_EXTRA_CA_CERTS")]


class Machine:
    """A machine that runs. What is done there is done as root."""

    def __init__(self, folder: Path, init: int, port: int) -> None:
        self.folder = folder
        self.init = init
        self.port = port  # of 127.0.0.1 here, which leads to 443 there

    def attempt(
        self, command: str, *, said: str | bytes = b"", seconds: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """What comes of a command of the shell's; one that hangs has failed."""
        words = [
            *_BOUND, "nsenter", f"--target={self.init}", "--all", "--", "env", "-i", "HOME=/root", "LANG=C.UTF-8",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *_FETCHING,
            "timeout", "--kill-after=5", str(seconds), "sh", "-c", f"set -e\ncd /srv/sapo\n{command}",
        ]  # fmt: skip
        done = subprocess.run(
            words, input=said.encode() if isinstance(said, str) else said,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds + 30,
        )  # fmt: skip
        return subprocess.CompletedProcess(
            command, done.returncode, done.stdout.decode(errors="replace")
        )

    def do(self, command: str, *, said: str | bytes = b"", seconds: float = 60) -> str:
        """What the command says; it has to succeed."""
        done = self.attempt(command, said=said, seconds=seconds)
        assert done.returncode == 0, f"{command}\nended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def wait_until(self, command: str, *, seconds: float) -> float:
        """Tries the command until it succeeds; how long that took."""
        begun = time.monotonic()
        while (done := self.attempt(command)).returncode:
            assert time.monotonic() < begun + seconds, (
                f"{command}\nafter {seconds} s still:\n{done.stdout}"
            )
            time.sleep(0.1)
        return time.monotonic() - begun

    def burn(self) -> None:
        """The machine is gone from one moment to the next; what its disk has can be looked at."""
        os.kill(self.init, signal.SIGKILL)

    def journal(self, *words: str) -> str:
        return self.do("journalctl --no-pager --output=cat " + " ".join(words))


def why_not() -> str | None:
    """Why no machine can be started here, if so: found by trying."""
    if os.geteuid() != 0:
        return "the tests do not run as root"
    for program in ("mmdebstrap", "systemd-nspawn", "pasta", "ip", "nsenter", "setpriv"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    if not Path("/dev/net/tun").exists():
        return "there is no /dev/net/tun"
    with tempfile.TemporaryDirectory(prefix="sapo-machine-", dir="/var/tmp") as around:
        # The programs of this machine are enough to see whether a container may be started.
        folder = Path(around) / f"sapo-{secrets.token_hex(4)}"
        for name in ("etc", "usr", "proc", "sys", "dev", "run", "tmp"):
            (folder / name).mkdir(parents=True)
        for name in ("bin", "lib", "lib64", "sbin"):
            (folder / name).symlink_to(f"usr/{name}")
        (folder / "etc/os-release").write_text("ID=none\n")
        tried = subprocess.run(
            [*_NSPAWN, "--directory", str(folder), "--bind-ro=/usr", "true"],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        if tried.returncode:
            last = (tried.stderr.strip().splitlines() or ["it says nothing"])[-1]
            return f"systemd-nspawn starts no container: {last}"
    try:
        socket.create_connection(("deb.debian.org", 80), timeout=10).close()
    except OSError as error:
        return f"deb.debian.org is not reached: {error}"
    return None


def go_apart(words: list[str]) -> None:
    """Goes on with mounts of its own, of which none outlives the process, also when that is killed."""
    os.environ["SAPO_APART"] = str(os.getpid())
    os.execvp("unshare", ["unshare", "--mount", "--", *words])


def is_apart() -> bool:
    return os.environ.get("SAPO_APART") == str(os.getpid())


class Bare:
    """What machines are unpacked from, and what they have fetched, for the next of them."""

    def __init__(self, folder: Path) -> None:
        self.archive = folder / "debian.tar"
        self.packages, self.wheels = folder / "archives", folder / "pip"
        for place in (self.packages, self.wheels):
            place.mkdir()


def bare_debian(folder: Path) -> Bare:
    """Debian's smallest, with systemd, from its own archive."""
    bare = Bare(folder)
    for seconds in (0, 30, 60):  # its archive is renewed four times a day
        time.sleep(seconds)
        done = subprocess.run(
            [*DEBSTRAP, "--variant=minbase", "--include=systemd,systemd-sysv,dbus", "trixie",
             str(bare.archive), MIRROR],
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        if done.returncode == 0:
            break
    assert done.returncode == 0, done.stderr
    return bare


@contextmanager
def started(bare: Bare) -> Iterator[Machine]:
    """A bare machine with the code in /srv/sapo and the way out that this one has."""
    # On a disk: systemd seals nothing to a machine that lies in memory. nspawn lays a lock beside it.
    around = Path(tempfile.mkdtemp(prefix="sapo-machine-", dir="/var/tmp"))
    folder = around / f"sapo-{secrets.token_hex(4)}"  # its name is also the machine's
    folder.mkdir()
    running: list[subprocess.Popen[bytes]] = []
    console = tempfile.TemporaryFile()
    try:
        subprocess.run(
            ["tar", "--extract", f"--file={bare.archive}", f"--directory={folder}"], check=True
        )
        if _AUTHORITY:
            shutil.copy(_AUTHORITY, folder / "root/authority.pem")
        lay_code(folder / "srv/sapo")
        nspawn = subprocess.Popen(
            [*_BOUND, *_NSPAWN, "--suppress-sync=yes", "--resolv-conf=copy-host", f"--bind={bare.packages}:/var/cache/apt/archives",
             f"--bind={bare.wheels}:/root/.cache/pip", "--machine", folder.name, "--directory",
             str(folder), "--boot"],
            stdin=subprocess.DEVNULL, stdout=console, stderr=console,
        )  # fmt: skip
        running.append(nspawn)
        machine = Machine(folder, _init_of(nspawn, console), free_port())
        running.append(_connect(machine))
        machine.wait_until("systemctl is-system-running", seconds=60)
        yield machine
    finally:
        for process in running:
            _end(process)
        console.close()
        subprocess.run(["ip", "netns", "delete", folder.name], capture_output=True)
        subprocess.run(["rm", "-rf", str(around)], check=True)


def join(one: Machine, address: str, other: Machine, other_address: str) -> None:
    """Lays a line between two machines, beside the way out that each has."""
    ends = (one.folder.name, address), (other.folder.name, other_address)
    veth = "link add sapo0 netns {} type veth peer name sapo0 netns {}"
    lines = [veth.format(*(name for name, _address in ends))]
    for name, its in ends:
        lines.append(f"-n {name} address add {its}/24 dev sapo0")
        lines.append(f"-n {name} link set sapo0 up")
    for line in lines:
        subprocess.run(["ip", *line.split()], check=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Without its first child nspawn ends by itself, and takes away what it has mounted."""
    for child in _children(process.pid):
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.kill(child, signal.SIGKILL)
            process.wait(10)
    process.kill()
    process.wait()


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def packed_code() -> bytes:
    """The files of this checkout, as they stand, owned by root: an archive."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.split(b"\0")  # fmt: skip
    there = b"\0".join(
        name for name in listed if name and os.path.lexists(os.fsencode(ROOT) + b"/" + name)
    )
    return subprocess.run(
        ["tar", "--create", "--owner=root", "--group=root", "--null", "--files-from=-"],
        cwd=ROOT, input=there, capture_output=True, check=True,
    ).stdout  # fmt: skip


def lay_code(place: Path) -> None:
    """The same, laid out there."""
    place.mkdir()
    subprocess.run(["tar", "--extract", f"--directory={place}"], input=packed_code(), check=True)


def _init_of(nspawn: subprocess.Popen[bytes], console: BinaryIO) -> int:
    """The process that is number 1 in the container."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if nspawn.poll() is not None:
            console.seek(0)
            raise AssertionError(f"systemd-nspawn has ended: {console.read().decode()}")
        for child in _children(nspawn.pid):
            try:
                status = Path(f"/proc/{child}/status").read_text()
                name = Path(f"/proc/{child}/comm").read_text().strip()
            except OSError:
                continue
            spaces = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()
            if spaces[-1] == "1" and len(spaces) > 2 and name == "systemd":
                return child
        time.sleep(0.05)
    raise AssertionError("systemd-nspawn has started nothing")


def _connect(machine: Machine) -> subprocess.Popen[bytes]:
    """Gives the machine the way out that this one has, and a port that leads to its web server."""
    # pasta gives its rights up before it looks, so that the machine's own file is shut to it.
    subprocess.run(["ip", "netns", "attach", machine.folder.name, str(machine.init)], check=True)
    pasta = subprocess.Popen(
        [*_BOUND, "pasta", "--foreground", "--quiet", "--config-net", "--runas", "0:0", "--no-map-gw",
         "--tcp-ports", f"127.0.0.1/{machine.port}:443", "--udp-ports", "none", "--tcp-ns", "none", "--udp-ns", "none",
         "--netns", f"/run/netns/{machine.folder.name}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    machine.wait_until("grep -q eth0 /proc/net/route", seconds=20)
    return pasta
