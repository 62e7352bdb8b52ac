"""Chromium as readers have it: it draws pages before the click and keeps those that were left.

Playwright's is started without both, so this one is told what to do over a pipe.
"""

import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

_PATIENCE_SECONDS = 30
_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--remote-debugging-pipe", "--no-startup-window", "--no-first-run", "--hide-scrollbars",
    "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
    "--disable-extensions", "--disable-sync", "--lang=sv-SE", "--window-size=1440,900",
    # The browser's own pages would use the processor at the same time.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIReloadButton",
)  # fmt: skip
_READ_FROM, _WRITE_TO = 3, 4  # where Chromium expects its pipes
_ABOVE = 10

# How the browser says that a page has just gone, or has only just come.
_NO_LONGER = ("navigated or closed", "Cannot find default execution context")

Message = dict[str, Any]


class Gone(Exception):
    """The page that was asked has been left."""


@contextmanager
def chromium(program: str, *options: str) -> Iterator["Chromium"]:
    """A browser of its own, ended afterwards with all that it has started."""
    folder = tempfile.mkdtemp(prefix="sapo-chromium-")
    to_read, to = os.pipe()
    out, to_write = os.pipe()
    # Out of the way of the two numbers first.
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _ABOVE) for end in (to_read, to_write)]
    command = [program, *_OPTIONS, f"--user-data-dir={folder}", *options]
    devnull = os.open(os.devnull, os.O_WRONLY)
    pid = os.posix_spawn(
        program, command, os.environ, setsid=True,
        file_actions=[
            (os.POSIX_SPAWN_DUP2, devnull, 1), (os.POSIX_SPAWN_DUP2, devnull, 2),
            (os.POSIX_SPAWN_DUP2, ends[0], _READ_FROM), (os.POSIX_SPAWN_DUP2, ends[1], _WRITE_TO),
        ],
    )  # fmt: skip
    for end in (to_read, to_write, devnull, *ends):
        os.close(end)
    try:
        yield Chromium(to, out)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(to)
        os.close(out)
        shutil.rmtree(folder, ignore_errors=True)


class Chromium:
    """What is said to the browser and what it says."""

    def __init__(self, to: int, out: int) -> None:
        self._to, self._out = to, out
        self._rest = b""
        self._said = 0
        self._answers: dict[int, Message] = {}
        self._ended: set[str | None] = set()
        self._listeners: list[Callable[[Message], None]] = []

    def tell(self, method: str, session: str | None = None, **parameters: Any) -> int:
        self._said += 1
        message: Message = {"id": self._said, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._to, data) :]
        return self._said

    def ask(self, method: str, session: str | None = None, **parameters: Any) -> Message:
        number = self.tell(method, session, **parameters)
        self.listen(_PATIENCE_SECONDS, lambda: number in self._answers or session in self._ended)
        if session in self._ended:
            raise Gone(method)
        if number not in self._answers:
            raise TimeoutError(f"{method}: no answer")
        answer = self._answers.pop(number)
        if error := answer.get("error"):
            if any(words in error["message"] for words in _NO_LONGER):
                raise Gone(method)
            raise RuntimeError(f"{method}: {error['message']}")
        result: Message = answer["result"]
        return result

    def hears(self, listener: Callable[[Message], None]) -> None:
        self._listeners.append(listener)

    def listen(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Takes what the browser says for so long, or until something is so; whether it became so."""
        end = time.monotonic() + seconds
        while not until():
            ready, *_ = select.select([self._out], [], [], max(0, end - time.monotonic()))
            if not ready:
                return until()
            data = os.read(self._out, 1 << 20)
            if not data:
                raise RuntimeError("Chromium ended")
            *messages, self._rest = (self._rest + data).split(b"\0")
            for each in messages:
                self._take(json.loads(each))
        return True

    def _take(self, message: Message) -> None:
        if "id" in message:
            self._answers[message["id"]] = message
            return
        if message["method"] == "Target.detachedFromTarget":
            self._ended.add(message["params"]["sessionId"])
        for listener in self._listeners:
            listener(message)


# The middle of a link's first line, in the view: a link in a menu that is closed has none.
_MIDDLE_OF = """(href => {
  const link = [...document.links].find((each) => each.href === href && each.checkVisibility());
  link?.scrollIntoView({block: "center", behavior: "instant"});
  const box = link?.getClientRects()[0];
  return box && [box.x + box.width / 2, box.y + box.height / 2];
})(%s)"""


class Tab:
    """A tab with a profile of its own, and the pages in it: the one that is shown and those ahead."""

    def __init__(
        self, browser: Chromium, *, slowed: float = 1, script: str = "", blocked: Sequence[str] = ()
    ) -> None:
        self._browser = browser
        self._for_each_page: list[Message] = [
            {"method": "Page.enable"},
            {"method": "Network.enable"},
            {"method": "Network.setBlockedURLs", "urls": list(blocked)},
            {"method": "Emulation.setCPUThrottlingRate", "rate": slowed},
            {"method": "Page.addScriptToEvaluateOnNewDocument", "source": script},
            {"method": "Runtime.runIfWaitingForDebugger"},
        ]
        self._pages: dict[str, Message] = {}  # what is known of each, by its session
        browser.hears(self._hear)
        self._tab = ""
        self._profile = browser.ask("Target.createBrowserContext")["browserContextId"]
        tab = browser.ask(
            "Target.createTarget", url="about:blank", browserContextId=self._profile, forTab=True
        )["targetId"]
        self._tab = browser.ask("Target.attachToTarget", targetId=tab, flatten=True)["sessionId"]
        browser.ask(
            "Target.setAutoAttach", self._tab, autoAttach=True, waitForDebuggerOnStart=True,
            flatten=True,
        )  # fmt: skip
        self.wait(lambda: bool(self._pages))

    def close(self) -> None:
        self._browser.ask("Target.disposeBrowserContext", browserContextId=self._profile)

    @property
    def ahead(self) -> list[str]:
        """The addresses of the pages that are being drawn, or are, before anybody asked."""
        found = []
        for session in [each for each, known in self._pages.items() if "subtype" in known]:
            with suppress(Gone):
                found.append(self._tells(session, "location.href"))
        return found

    def open(self, url: str) -> None:
        """Goes there as if the address had been typed, and waits until all of it has come."""
        if error := self._ask("Page.navigate", url=url).get("errorText"):
            raise RuntimeError(f"{url}: {error}")
        self.wait(lambda: self.tells("document.readyState + location.href") == f"complete{url}")

    def find(self, url: str) -> tuple[float, float]:
        """Brings a link into view; where its middle is."""
        place = self.tells(_MIDDLE_OF % json.dumps(url))
        if place is None:
            raise LookupError(f"no link to {url} that can be seen")
        return place[0], place[1]

    def point(self, place: tuple[float, float]) -> None:
        self._mouse("mouseMoved", place)

    def click(self, place: tuple[float, float]) -> None:
        """Does not wait for an answer: another page may be shown before it comes."""
        for kind in ("mousePressed", "mouseReleased"):
            self._mouse(kind, place, button="left", clickCount=1)

    def press(self, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            self._browser.tell("Input.dispatchKeyEvent", self._shown, type=kind, key=key, code=key)

    def go_back(self) -> None:
        history = self._ask("Page.getNavigationHistory")
        before = history["entries"][history["currentIndex"] - 1]
        self._ask("Page.navigateToHistoryEntry", entryId=before["id"])
        self.wait(lambda: self.tells("location.href") == before["url"])

    def tells(self, expression: str) -> Any:
        """What a script of the shown page says, or what its promise does."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return self._tells(self._shown, expression)
            except Gone:  # another page is shown meanwhile
                if time.monotonic() > end:
                    raise
                self.rest(0.02)

    def rest(self, seconds: float) -> None:
        self._browser.listen(seconds)

    def wait(self, until: Callable[[], bool], seconds: float = _PATIENCE_SECONDS) -> None:
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                raise TimeoutError("Chromium did not come to what was waited for")
            self.rest(0.02)

    @property
    def _shown(self) -> str:
        def shown() -> list[str]:
            return [session for session, each in self._pages.items() if "subtype" not in each]

        self._browser.listen(_PATIENCE_SECONDS, lambda: bool(shown()))
        return shown()[-1]

    def _ask(self, method: str, **parameters: Any) -> Message:
        return self._browser.ask(method, self._shown, **parameters)

    def _tells(self, session: str, expression: str) -> Any:
        answer = self._browser.ask(
            "Runtime.evaluate", session, expression=expression, returnByValue=True,
            awaitPromise=True,
        )  # fmt: skip
        if wrong := answer.get("exceptionDetails"):
            raise RuntimeError(f"{expression}: {wrong['exception'].get('description')}")
        return answer["result"].get("value")

    def _mouse(self, kind: str, place: tuple[float, float], **others: Any) -> None:
        self._browser.tell(
            "Input.dispatchMouseEvent", self._shown, type=kind, x=place[0], y=place[1], **others
        )

    def _hear(self, message: Message) -> None:
        """Keeps count of the pages; each is as slow as the others before it does anything."""
        if message.get("sessionId") != self._tab:
            return
        said = message["params"]
        if message["method"] == "Target.attachedToTarget":
            self._pages[said["sessionId"]] = said["targetInfo"]
            for order in self._for_each_page:
                self._browser.tell(session=said["sessionId"], **order)
        elif message["method"] == "Target.detachedFromTarget":
            self._pages.pop(said["sessionId"], None)
        elif message["method"] == "Target.targetInfoChanged":
            for session, known in self._pages.items():
                if known["targetId"] == said["targetInfo"]["targetId"]:
                    self._pages[session] = said["targetInfo"]
