"""What a tip said is not left in the memory of the process that read it."""

import http.client
import re
import secrets
import shlex
import socket
import time
from pathlib import Path

from .server import FORM, ROOT, Answer, Body, Intake

UNIT = ROOT / "deploy" / "sapo@intake.service"


def _environment_of_the_unit() -> dict[str, str]:
    lines = re.findall(r"^Environment=(.*)$", UNIT.read_text(), re.MULTILINE)
    return dict(word.split("=", 1) for line in lines for word in shlex.split(line))


def _copies(pid: int, marker: str) -> int:
    """How often the memory of a process holds the marker, as octets or as a text of wide letters."""
    pattern = re.compile(b"|".join([marker.encode(), marker.encode("utf-16-le")]))
    count = 0
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end = (int(each, 16) for each in line.split()[0].split("-"))
            try:
                memory.seek(start)
                count += len(pattern.findall(memory.read(end - start)))
            except (OSError, OverflowError, ValueError):
                continue  # what the kernel shows to nobody
    return count


def _begin_to_send(server: Intake, body: Body) -> socket.socket:
    """A form of which half has been sent."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    own = f"127.0.0.1:{server.port}"
    head = (
        f"POST {FORM} HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\n"
        f"Content-Type: {body.content_type}\r\nContent-Length: {len(body.content)}\r\n\r\n"
    )
    connection.sendall(head.encode() + body.content[: len(body.content) // 2])
    return connection


def _send_the_rest(connection: socket.socket, body: Body) -> Answer:
    connection.sendall(body.content[len(body.content) // 2 :])
    response = http.client.HTTPResponse(connection, method="POST")
    response.begin()
    return Answer(response.status, response.read().decode())


def test_a_worker_that_has_read_a_tip_overwrites_it_and_is_replaced_without_losing_another(
    make_server, root
):
    marker = secrets.token_hex(16)
    film = ("film.mov", "video/quicktime", f"{marker}|".encode() * 30_000)
    environment = _environment_of_the_unit()
    assert int(environment["SAPO_REPLACED_AFTER"]) < 60
    environment["SAPO_REPLACED_AFTER"] = "1"
    with make_server(threads=16, environment=environment) as server:
        server.start()
        master, first = server.pids()
        slow, quick = server.tokens(2)
        other = Body({"token": slow, "text": "Långsamt"}, [("a.mov", "", b"x" * 1_000_000)])
        under_way = _begin_to_send(server, other)
        assert server.send(Body({"token": quick, "text": marker * 500}, [film])).is_thanks
        assert _copies(first, marker) < 100

        until = time.monotonic() + 30
        while len(server.pids()) < 3:
            assert time.monotonic() < until
            assert server.get(FORM).status == 203
        assert first in server.pids()  # since it has something to answer
        assert server.get(FORM).status == 203
        assert _send_the_rest(under_way, other).is_thanks
        while first in server.pids():
            assert time.monotonic() < until
            assert server.get(FORM).status == 203
        (another,) = set(server.pids()) - {master}
        assert (_copies(master, marker), _copies(another, marker)) == (0, 0)
        assert len(server.rows()) == 2
        assert not re.search("ERROR|CRITICAL|Traceback", server.log.read_text())
