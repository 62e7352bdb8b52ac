"""What stands around nginx in these tests: services that are none of ours, and a browser that finds it by name."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from playwright.sync_api import Browser, BrowserType

from tests.browser.conftest import OPTIONS, WITHOUT_WINDOW


class Answering(BaseHTTPRequestHandler):
    """Behind a socket, where nobody has an address; says to POST what it says to GET, and logs nothing."""

    def do_GET(self) -> None:
        raise NotImplementedError

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def address_string(self) -> str:
        return ""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def browser_that_finds(browser_type: BrowserType, name: str) -> Iterator[Browser]:
    """Chromium, for which the name is this machine, and its certificate good."""
    browser = browser_type.launch(
        executable_path=WITHOUT_WINDOW,
        args=[*OPTIONS, "--ignore-certificate-errors", f"--host-resolver-rules=MAP {name} 127.0.0.1"],
    )  # fmt: skip
    try:
        yield browser
    finally:
        browser.close()
