"""A line that records what passes, and breaks where a test says: as a proxy inside TLS sees it."""

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote


class Line:
    """Passes everything on to a port of this machine, and keeps what the browser says."""

    def __init__(self, port: int) -> None:
        self.sent = bytearray()
        # What has been asked and answered on one connection; whether it breaks there.
        self.breaks: Callable[[bytes, bytes], bool] = lambda asked, answered: False
        self.when_broken: Callable[[], None] = lambda: None
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(
                    target=self._pass, args=(self._listening.accept()[0],), daemon=True
                ).start()

    def _pass(self, browser: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._to))
        asked, answered = bytearray(), bytearray()

        def pump(source: socket.socket, goal: socket.socket, seen: bytearray) -> None:
            with suppress(OSError):
                while octets := source.recv(16_384):
                    seen += octets
                    if source is browser:
                        self.sent.extend(octets)
                    if self._is_broken(bytes(asked), bytes(answered)):
                        break
                    goal.sendall(octets)
            for each in (source, goal):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

        threading.Thread(target=pump, args=(browser, server, asked), daemon=True).start()
        pump(server, browser, answered)

    def _is_broken(self, asked: bytes, answered: bytes) -> bool:
        if not self.breaks(asked, answered):
            return False
        self.when_broken()
        return True


@contextmanager
def line_to(url: str) -> Iterator[Line]:
    line = Line(int(url.rpartition(":")[2]))
    try:
        yield line
    finally:
        line.close()


def spellings(text: str) -> list[bytes]:
    """What the text may look like on a line, unsealed."""
    octets = text.encode()
    shifted = [base64.b64encode(b"\0" * by + octets)[4 * (by > 0) : -4] for by in range(3)]
    return [octets, text.encode("utf-16-le"), octets.hex().encode(), quote(text).encode(), *shifted]
