"""Debian's Firefox as people have it, with a profile on the disk: told what to do by WebDriver BiDi.

Playwright drives only a Firefox of its own making. What is done here is done as by a person, with keys and a
pointer, so that it works where scripts are switched off too.
"""

import base64
import json
import os
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.system.fault.leaks import leaks_in, pattern_of

_PATIENCE_SECONDS = 60
# Nothing leaves the machine unasked; what is in a tab is written as soon as it changes.
_PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "browser.search.update": False,
    "browser.sessionstore.interval": 500,
    "browser.sessionstore.interval.idle": 500,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.file.createInChild": True,  # else no file can be chosen from outside
    "extensions.update.enabled": False,
    "intl.accept_languages": "sv-SE, sv",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    # What a driver's browser does otherwise is not what people have: it keeps less.
    "remote.prefs.recommended": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}
_ELSEWHERE = "<!doctype html><title>Annan sida</title>"

Message = dict[str, Any]


class Firefox:
    """A browser with a profile of its own, and the tab that is shown."""

    def __init__(
        self, program: str, profile: Path, preferences: Mapping[str, Any] | None = None
    ) -> None:
        profile.mkdir()
        lines = {**_PREFERENCES, **(preferences or {})}.items()
        (profile / "user.js").write_text(
            "".join(
                f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in lines
            )
        )
        self.profile = profile
        self._program = subprocess.Popen(
            [program, "--headless", "--remote-debugging-port=0", "--profile", str(profile)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            self._greet()
        except BaseException:  # nobody else knows of it yet
            self._end()
            raise

    def _greet(self) -> None:
        told = self.profile / "WebDriverBiDiServer.json"
        wait(lambda: told.exists() and told.read_text().endswith("}"))
        self._line = _Line(json.loads(told.read_text())["ws_port"])
        self._said = 0
        self._answers: dict[int, Message] = {}
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["network.beforeRequestSent"])
        self.tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]
        self._make_high()

    def stands_in_for(self, host: str) -> None:
        """From now on a page of nobody's answers for another host: nothing leaves the machine."""
        pattern = {"type": "pattern", "hostname": host}
        self.ask("network.addIntercept", phases=["beforeRequestSent"], urlPatterns=[pattern])

    def ask(self, method: str, **parameters: Any) -> Message:
        number = self._tell(method, parameters)
        while number not in self._answers:
            self._take(self._line.read())
        answer = self._answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        result: Message = answer["result"]
        return result

    def open(self, url: str, until: str = "complete") -> None:
        self.ask("browsingContext.navigate", context=self.tab, url=url, wait=until)

    def open_a_tab(self) -> str:
        """Shows another tab; which was shown before."""
        before, self.tab = self.tab, self.ask("browsingContext.create", type="tab")["context"]
        self._make_high()
        return before

    def turn_to(self, tab: str) -> None:
        self.tab = tab
        self.ask("browsingContext.activate", context=tab)

    @property
    def address(self) -> str:
        tree = self.ask("browsingContext.getTree", root=self.tab, maxDepth=0)
        return str(tree["contexts"][0]["url"])

    def all(self, selector: str) -> list[Message]:
        nodes: list[Message] = self.ask(
            "browsingContext.locateNodes", context=self.tab,
            locator={"type": "css", "value": selector}, serializationOptions={"maxDomDepth": 20},
        )["nodes"]  # fmt: skip
        return nodes

    def shows(self, selector: str, words: str = "") -> bool:
        """Whether there is such an element that is not hidden, with these words in it."""
        shown = f":is({selector}):not([hidden], [hidden] *)"
        return any(words in _text(node) for node in self.all(shown))

    def waits_for(self, *places: str, words: str = "", seconds: float = _PATIENCE_SECONDS) -> None:
        wait(lambda: any(self.shows(place, words) for place in places), seconds)

    def click(self, selector: str) -> None:
        node = self.all(selector)[0]
        origin = {"type": "element", "element": {"sharedId": node["sharedId"]}}
        self._act("pointer", [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0},
        ])  # fmt: skip

    def type(self, selector: str, words: str) -> None:
        self.click(selector)
        self._act("key", [
            {"type": kind, "value": sign} for sign in words for kind in ("keyDown", "keyUp")
        ])  # fmt: skip

    def choose(self, selector: str, *files: Path) -> None:
        element = {"sharedId": self.all(selector)[0]["sharedId"]}
        self.ask("input.setFiles", context=self.tab, element=element, files=list(map(str, files)))

    def tells(self, expression: str) -> Any:
        """What a script of the shown page says."""
        answer = self.ask(
            "script.evaluate",
            expression=expression,
            target={"context": self.tab},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']['text']}")
        return answer["result"].get("value")

    def traces_of(self, word: str) -> list[str]:
        """The files of the profile that hold a word, in whatever form, packed or not."""
        packed = [
            str(path) for path in self.profile.rglob("*lz4*")
            if pattern_of(word).search(_unpacked(path))
        ]  # fmt: skip
        return sorted({*leaks_in(word, [self.profile]), *packed})

    @contextmanager
    def running_first(self, function: str) -> Iterator[None]:
        """Pages that are opened meanwhile run this before any script of their own."""
        script = self.ask("script.addPreloadScript", functionDeclaration=function)["script"]
        yield
        self.ask("script.removePreloadScript", script=script)

    def leave(self) -> None:
        """Ends it as people do, by closing its windows: it then writes what it keeps."""
        with suppress(OSError, EOFError):
            self.ask("browser.close")
        self._program.wait(_PATIENCE_SECONDS)

    def kill(self) -> None:
        self._end()
        self._line.close()

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._program.pid, signal.SIGKILL)
        self._program.wait()

    def _make_high(self) -> None:
        """All of a page is in view: a pointer reaches everything without scrolling."""
        size = {"width": 1000, "height": 6000}
        self.ask("browsingContext.setViewport", context=self.tab, viewport=size)

    def _act(self, kind: str, actions: list[Message]) -> None:
        source = {"type": kind, "id": kind, "actions": actions}
        self.ask("input.performActions", context=self.tab, actions=[source])

    def _tell(self, method: str, parameters: Message) -> int:
        self._said += 1
        self._line.write(json.dumps({"id": self._said, "method": method, "params": parameters}))
        return self._said

    def _take(self, text: str) -> None:
        message = json.loads(text)
        if message["type"] != "event":
            self._answers[message["id"]] = message
        elif message["params"].get("isBlocked"):
            self._tell("network.provideResponse", {
                "request": message["params"]["request"]["request"], "statusCode": 200,
                "headers": [{"name": "Content-Type", "value": {"type": "string", "value": "text/html"}}],
                "body": {"type": "string", "value": _ELSEWHERE},
            })  # fmt: skip


def _unpacked(path: Path) -> bytes:
    """What is in a file that Firefox has packed: LZ4's blocks, after its own twelve octets."""
    try:
        packed = path.read_bytes()
    except FileNotFoundError:  # written anew meanwhile
        return b""
    if not packed.startswith(b"mozLz40\0"):
        return b""
    found, place = bytearray(), 12

    def length(least: int) -> int:
        nonlocal place
        more = 255 if least == 15 else 0
        while more == 255:
            more, place = packed[place], place + 1
            least += more
        return least

    while place < len(packed):
        token, place = packed[place], place + 1
        plain = length(token >> 4)
        found += packed[place : place + plain]
        place += plain
        if place < len(packed):  # the last has nothing to repeat
            back = int.from_bytes(packed[place : place + 2], "little")
            place += 2
            for _octet in range(length(token & 15) + 4):
                found.append(found[-back])
    return bytes(found)


class _Line:
    """As much of a web socket as this takes: texts, and no fragments or pings of ours."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), _PATIENCE_SECONDS)
        self._file = self._socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET /session HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        if b" 101 " not in self._file.readline():
            raise RuntimeError("Firefox takes no web socket")
        while self._file.readline().strip():
            pass

    def write(self, text: str) -> None:
        octets = bytes(each ^ 1 for each in text.encode())  # masked, which Firefox insists on
        many = len(octets)
        length = (
            struct.pack(">B", 0x80 | many) if many < 126
            else struct.pack(">BH", 0x80 | 126, many) if many < 1 << 16
            else struct.pack(">BQ", 0x80 | 127, many)
        )  # fmt: skip
        self._socket.sendall(b"\x81" + length + b"\1\1\1\1" + octets)

    def read(self) -> str:
        text = b""
        while True:
            kind, length = self._take(2)
            if length > 125:
                length = int.from_bytes(self._take(2 if length == 126 else 8))
            octets = self._take(length)
            if kind & 0x0F < 2:  # a text, or more of it
                text += octets
                if kind & 0x80:
                    return text.decode()

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def _take(self, length: int) -> bytes:
        octets = self._file.read(length)
        if len(octets) < length:
            raise EOFError("Firefox has hung up")
        return octets


def _text(node: Message) -> str:
    value = node.get("value", {})
    return value.get("nodeValue", "") + "".join(map(_text, value.get("children") or []))


def wait(until: Callable[[], object], seconds: float = _PATIENCE_SECONDS) -> None:
    """Waits until something is so, and fails when it does not become so."""
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise TimeoutError("Firefox did not come to what was waited for")
        time.sleep(0.05)
