"""The line that pages are measured over: as slow as it says, and to the byte what was sent."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tools.bench.slow_line import Line, slow_line

SENT = bytes(range(256)) * 80


@pytest.fixture
def line() -> Iterator[Line]:
    """A line to a server that answers each byte with twenty thousand."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                while connection.recv(1):
                    connection.sendall(SENT)

        threading.Thread(target=answer, daemon=True).start()
        with slow_line(server.getsockname()[1]) as slow:
            yield slow


def _ask(connection: socket.socket) -> tuple[bytes, float]:
    started, got = time.monotonic(), b""
    connection.sendall(b"?")
    while len(got) < len(SENT):
        got += connection.recv(65536)
    return got, time.monotonic() - started


def test_what_comes_is_what_was_sent_and_is_counted(line):
    with socket.create_connection(("127.0.0.1", line.port)) as connection:
        got, _seconds = _ask(connection)
    assert got == SENT
    assert line.down.bytes == len(SENT)
    assert line.up.bytes == 1


def test_it_takes_the_way_there_and_back_and_as_long_as_the_bytes_take(line):
    least = line.up.delay_seconds + line.down.delay_seconds
    least += len(SENT) * 8 / line.down.bits_per_second
    with socket.create_connection(("127.0.0.1", line.port)) as connection:
        _got, first = _ask(connection)
        _got, later = _ask(connection)
    assert later >= least
    assert (
        first >= least + line.up.delay_seconds + line.down.delay_seconds
    )  # to connect costs one way more
