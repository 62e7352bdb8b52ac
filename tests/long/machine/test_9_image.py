"""The image is built on another base than the usual, and serves the site as somebody who is not root."""

import http.client
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lacking import lacking
from tests.postgres import ROOT, Cluster, cluster
from tests.system.fault.server import free_port

from .nspawn import DEBSTRAP

BASE = ["--variant=minbase", "--include=ca-certificates,python3,python3-venv", "trixie"]
SHARED = "/etc/ssl/certs"  # pip believes whom this machine believes
# Those of this process: in a sandbox nobody may raise them, as buildah would.
LIMITS = [
    f"--ulimit={name}={':'.join(map(str, resource.getrlimit(number)))}"
    for name, number in (("nproc", resource.RLIMIT_NPROC), ("nofile", resource.RLIMIT_NOFILE))
]
HELPERS = (
    "/usr/lib/podman"  # where buildah looks for netavark, which is asked for and then not used
)
OTHER_ROLE = "10002:10001"
READER = "10003:10001"


class Builder:
    """buildah with a store of its own, and without anything that needs more than root in a sandbox."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.command = [
            "buildah", "--root", f"{folder}/store", "--runroot", f"{folder}/run",
            "--storage-driver", "vfs",
        ]  # fmt: skip

    def __call__(self, *words: str) -> str:
        done = subprocess.run(
            [*self.command, *words], cwd=ROOT, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout.strip()

    def base(self) -> None:
        """A bare Debian with nothing but a Python, as `localhost/base`."""
        made = subprocess.run(
            [*DEBSTRAP, *BASE, f"{self.folder}/base.tar"],
            capture_output=True,
            text=True,
        )
        if made.returncode:
            pytest.skip(f"Här går inget Debian att hämta: {made.stderr.strip()[-200:]}")
        container = self("from", *LIMITS, "scratch")
        self("add", "--quiet", container, f"{self.folder}/base.tar", "/")
        try:
            self("run", "--isolation", "chroot", "--network", "host", container, "true")
        except AssertionError as error:
            pytest.skip(f"Här går inga containrar att köra: {str(error).splitlines()[-1]}")
        self("commit", "--quiet", "--rm", container, "localhost/base")

    def build(self) -> None:
        self(
            "build", "--isolation", "chroot", "--network", "host", *LIMITS, "--format", "docker",
            "--volume", f"{SHARED}:{SHARED}:ro", "--build-arg", "BASE=localhost/base",
            "--file", "deploy/Containerfile", "--tag", "sapo", ".",
        )  # fmt: skip


@pytest.fixture(scope="module")
def builder() -> Iterator[Builder]:
    for program in ("buildah", "mmdebstrap", "netavark"):
        if not shutil.which(program, path=f"{os.environ['PATH']}:{HELPERS}"):
            lacking(program)
    folder = Path(tempfile.mkdtemp(prefix="sapo-image-", dir="/var/tmp"))
    builder = Builder(folder)
    try:
        builder.base()
        builder.build()
        yield builder
    finally:
        # Never into what may still be mounted there.
        subprocess.run(["rm", "-r", "-f", "--one-file-system", str(folder)])


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster(is_quiet=True) as server:
        yield server


def test_every_stage_stands_on_the_base_that_is_given():
    image = (ROOT / "deploy" / "Containerfile").read_text()
    assert set(re.findall(r"^FROM (\S+)", image, re.MULTILINE)) == {"$BASE"}
    assert image.index("\nARG BASE=") < image.index("\nFROM ")


def test_the_image_serves_the_site_as_a_user_that_is_not_root(builder, server):
    container = builder("from", *LIMITS, "localhost/sapo")
    image = json.loads(builder("inspect", "--type", "image", "localhost/sapo"))["Docker"]["config"]
    assert image["User"] == "10001:10001"
    environment = server.environment("editorial", "sapo-editorial", Path("/var/lib/sapo"))
    inside = [
        "run", "--isolation", "chroot", "--network", "host",
        "--volume", f"{server.folder}:{server.folder}",
        *(f"--env={name}={value}" for name, value in environment.items() if name != "PATH"),
    ]  # fmt: skip

    assert builder(*inside, container, "id", "-u") == "10001"
    builder(*inside, container, "python", "manage.py", "migrate", "--verbosity", "0")
    refused = subprocess.run(
        [*builder.command, *inside, container, "touch", "manage.py"], capture_output=True, text=True
    )
    assert "Permission denied" in refused.stderr
    with _served(builder, [*inside, "--user", OTHER_ROLE, container], image["Cmd"]) as port:
        assert _ask(port, environment["SAPO_HOSTS"].split(",")[0]) == (200, "ok")
        _kind, *check = image["Healthcheck"]["Test"]
        check = [word.replace(":8000", f":{port}") for word in check]
        builder(*inside, container, *check)
    with pytest.raises(AssertionError, match="Connection refused"):
        builder(*inside, container, *check)


# What listens there, and what asks it.
_READS = """
python -m pages.apart.listening /run/sapo/reader.sock &
until [ -S /run/sapo/reader.sock ]; do sleep 0.1; done
python -c '
import socket
from pages.apart.line import ChildLine
end = socket.socket(socket.AF_UNIX)
end.connect("/run/sapo/reader.sock")
line = ChildLine(end.makefile("rb"), end.makefile("wb"))
line.tell(work="os:getuid", given={}, bounds={"megabytes": 1024, "seconds": 20, "most_written": 1000})
print(line.hear())'
stat --format "%u:%g %a" /run/sapo/reader.sock
kill $!
"""


def test_the_image_reads_files_as_another_user_without_a_setting(builder):
    container = builder("from", *LIMITS, "localhost/sapo")
    said = builder(
        "run", "--isolation", "chroot", "--network", "host", "--user", READER, container, "sh", "-c", _READS
    )  # fmt: skip
    assert said.splitlines() == ["{'answer': 10003}", "10003:10001 770"]


@contextmanager
def _served(builder: Builder, inside: list[str], command: list[str]) -> Iterator[int]:
    """The image's own command, on a port that is free."""
    port = free_port()
    command = [re.sub(r"^0\.0\.0\.0:8000$", f"127.0.0.1:{port}", word) for word in command]
    process = subprocess.Popen([*builder.command, *inside, *command], start_new_session=True)
    try:
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _ask(port: int, host: str) -> tuple[int, str]:
    until = time.monotonic() + 60
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            headers = {"Host": host, "X-Forwarded-Proto": "https"}
            connection.request("GET", "/halsa/", headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode().strip()
        except ConnectionRefusedError:
            assert time.monotonic() < until
            time.sleep(0.2)
        finally:
            connection.close()
