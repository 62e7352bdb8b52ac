"""A Redis of the tests' own, which they may stop in the middle."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis

from tests.fault.server import free_port
from tests.postgres import lacking


class RedisServer:
    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if program is None:
            lacking("redis-server")
        self._process = subprocess.Popen(
            [str(program), "--port", str(self._port), "--bind", "127.0.0.1",
             "--save", "", "--appendonly", "no", "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("Redis did not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def hits(self) -> int:
        """How often something that was asked for lay there."""
        with Redis.from_url(self.url) as client:
            found: int = client.info("stats")["keyspace_hits"]
        return found

    def pause(self) -> None:
        """Takes in what is sent, and does not answer."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory(prefix="sapo-redis-") as folder:
        server = RedisServer(Path(folder), free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop()
