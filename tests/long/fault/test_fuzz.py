"""Whatever is sent to the form, it answers in words, keeps nothing half and grows no larger."""

import gc
import io
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.databases import connection_kept_open
from tips.form import answers, limits, tokens
from tips.models import Tip

BODIES_AN_EXAMPLE = 200
BOUNDARY = b"gransdragning"
# What the form may answer: shown again or thanked for, refused, closed, too many.
EXPECTED = {200, 400, 403, 405, 408, 411, 413, 415, 422, 429, 503}

FIELDS = [
    b"token", b"text", b"subject", b"when", b"where", b"how_known", b"people", b"urgent",
    b"contact", b"website", b"files", b"", b"csrfmiddlewaretoken", b"\xff", b"a" * 5000,
]  # fmt: skip
DISPOSITIONS = [
    b'Content-Disposition: form-data; name="%s"',
    b"Content-Disposition: form-data; name=%s",
    b"content-disposition:form-data;name='%s'",
    b'Content-Disposition: form-data; name="%s"; filename="foto.jpg"',
    b'Content-Disposition: form-data; name="%s"; filename=""',
    b'Content-Disposition: form-data; name="%s"; filename="../../etc/passwd"',
    b'Content-Disposition: form-data; name="%s"; filename="\x00\xff\xe2\x80\xae.exe"',
    b"Content-Disposition: form-data; name=\"%s\"; filename*=UTF-8''%%c3%%28.txt",
    b"Content-Disposition: form-data; name=\"%s\"; filename*=nowhere'sv'%%41",
    b'Content-Disposition: attachment; name="%s"; filename="a"',
    b'Content-Disposition: form-data; filename="b"',
    b'X-Other: "%s"',
]
HEADERS = [
    b"Content-Type: text/plain",
    b"Content-Type: image/jpeg",
    b"Content-Type: text/plain; charset=utf-7",
    b"Content-Type: text/plain; charset=finns-inte",
    b"Content-Type: multipart/mixed; boundary=inre",
    b"Content-Type: \xff/\x00",
    b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: quoted-printable",
    b"Content-Transfer-Encoding: 8bit",
    b"Content-Length: 99999999999",
    b"Content-Length: -1",
    b": ",
    b"A" * 2000,
]
CONTENTS = [
    b"", b"Jag har sett en bil.", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", "åäö".encode("utf-16"),
    b"\r\n", b"--", b"--gransdragning", b"--gransdragning--", b"=" * 77, b"QUJD", b"QUJ", b"a" * 21_000,
    b"\r\n--gransdragnin", b"1", b"spionage", b"0" * 70_000,
]  # fmt: skip
PARTS = [*[0, 1, 2, 3, 3, 4, 6, 15] * 6, 400]
PHOTO = (
    b'Content-Disposition: form-data; name="files"; filename="foto.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\xff"
)
TYPES = [
    *["multipart/form-data; boundary=gransdragning"] * 40,
    "multipart/form-data; boundary=gransdragning; charset=utf-8",
    "multipart/form-data; boundary=gransdragning; charset=utf-16",
    "multipart/form-data; boundary=gransdragning; charset=finns-inte",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=å",
    "multipart/mixed; boundary=gransdragning",
    "multipart/form-data; boundary=" + "b" * 300,
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/plain",
    "",
]


class Sender:
    """Writes forms as a hostile program would, and remembers how they were answered."""

    def __init__(self) -> None:
        from sapo_site.wsgi import application

        self.application = application
        self.statuses: Counter[int] = Counter()

    def send(self, random: Random) -> None:
        body = self._body(random)
        length = str(len(body))
        if random.random() < 0.1:
            body = body[: random.randrange(len(body) + 1)]  # says more than it sends
        elif random.random() < 0.05:
            length = random.choice(["", "0", "-5", "ett", "99999999999999999999", "70000000", "10"])
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": random.choice(
                ["/tipsa/formular/utan-skript/skriv/", "/en/tipsa/formular/utan-skript/skriv/"]
            ),
            "QUERY_STRING": random.choice(["", "text=%ff", "a=1&" * 50]),
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": random.choice(TYPES),
            "CONTENT_LENGTH": length,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.version": (1, 0),
        }
        if random.random() < 0.05:
            environ["HTTP_ORIGIN"] = random.choice(
                ["null", "http://testserver", "https://x.y", "å"]
            )
        answers: list[int] = []
        response = self.application(
            environ, lambda status, headers: answers.append(int(status.split()[0]))
        )
        page = b"".join(response)
        response.close()
        assert answers[0] in EXPECTED, (answers, page[:200])
        assert page
        self.statuses[answers[0]] += 1

    def _body(self, random: Random) -> bytes:
        good = [
            b'Content-Disposition: form-data; name="token"\r\n\r\n' + self._token(random),
            b'Content-Disposition: form-data; name="text"\r\n\r\nJag har sett en bil.',
        ]
        if random.random() < 0.1:  # a whole tip: only with such does one come all the way in
            return self._joined([*good, PHOTO], b"\r\n", b"--" + BOUNDARY + b"--\r\n")
        parts = [self._part(random) for _ in range(random.choice(PARTS))]
        if random.random() < 0.6:
            parts = good + parts
        newline = random.choice([*[b"\r\n"] * 20, b"\n", b"\r"])
        end = random.choice([b"--" + BOUNDARY + b"--\r\n", b"--" + BOUNDARY + b"--", b"", b"--"])
        body = self._joined(parts, newline, end)
        return self._damaged(random, body) if random.random() < 0.4 else body

    def _joined(self, parts: list[bytes], newline: bytes, end: bytes) -> bytes:
        return b"".join(b"--" + BOUNDARY + newline + part + newline for part in parts) + end

    def _token(self, random: Random) -> bytes:
        age = random.choice([4, 4, 4, 4, 1, 30_000, -100])
        return tokens.make_token(now=time.time() - age).encode()

    def _part(self, random: Random) -> bytes:
        disposition = random.choice(DISPOSITIONS)
        lines = [disposition % random.choice(FIELDS) if b"%s" in disposition else disposition]
        lines += random.sample(HEADERS, random.choice([0, 0, 1, 2]))
        return b"\r\n".join(lines) + b"\r\n\r\n" + random.choice(CONTENTS)

    def _damaged(self, random: Random, body: bytes) -> bytes:
        damaged = bytearray(body)
        for _ in range(random.choice([1, 1, 2, 8])):
            at = random.randrange(len(damaged) + 1)
            kind = random.randrange(4)
            if kind == 0 and damaged:
                damaged[min(at, len(damaged) - 1)] = random.randrange(256)
            elif kind == 1:
                damaged[at:at] = random.randbytes(random.choice([1, 3, 200]))
            elif kind == 2:
                del damaged[at : at + random.choice([1, 2, 50])]
            else:
                damaged[at:at] = body[at : at + random.choice([10, 300])]
        return bytes(damaged)


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.fixture
def sender(tip_channel: Any) -> Iterator[Sender]:
    with connection_kept_open():
        yield Sender()


@pytest.mark.django_db(databases=["default", "tips"])
def test_hostile_forms_are_answered_and_leave_nothing(
    sender, tip_channel, monkeypatch, caplog, rounds
):
    examples = rounds(20, 250)  # 4,000 forms, or 50,000
    monkeypatch.setattr(limits, "MAX_IN_ALL", 1_000_000)
    # What is tried here is the reading of forms; that writes reach the disk is tried elsewhere.
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    sizes: list[float] = []
    drawn = answers.render_to_string

    def drawn_now_and_then(*words: Any) -> str:
        """Nearly all of the time would go to drawing pages; one round of five does draw them."""
        return drawn(*words) if len(sizes) % 5 == 0 else "<p>En sida.</p>"

    monkeypatch.setattr(answers, "render_to_string", drawn_now_and_then)

    @settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(min_value=0, max_value=2**64 - 1))
    def bodies(seed: int) -> None:
        random = Random(seed)
        for _ in range(BODIES_AN_EXAMPLE):
            sender.send(random)
        if len(sizes) % 25 == 0:
            gc.collect()
        sizes.append(_resident_megabytes())

    bodies()

    count = sum(sender.statuses.values())
    assert count >= examples * BODIES_AN_EXAMPLE
    # Some were good enough to be kept: the way in was really tried.
    assert Tip.objects.count() > count // 500
    assert sender.statuses[200] > count // 50
    assert sorted(tip_channel.vault.tips()) == sorted(Tip.objects.values_list("pk", flat=True))
    assert list((tip_channel.root / "tips" / "incoming").iterdir()) == []
    a_tenth = len(sizes) // 10
    assert sizes[-1] - sizes[a_tenth] < 50, "megabytes that the process has grown"
    assert "Jag har sett" not in caplog.text
