"""The first machine and a mirror, each behind its own nginx; then the first one is gone."""

import http.client
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.nginx import NAMES, Nginx, nginx
from tests.pace import until
from tests.system.pages.installation import ARTICLE, Installation, installation
from tests.system.sapo_site.mirror_machine import MirrorMachine

pytestmark = pytest.mark.alone  # the pace is that of the machine

PUBLIC = NAMES[0]
# What a mirror has to have within, at the demo's size.
WITHIN_SECONDS, TRIES = 5, 3
PICTURE, STYLE = "/media/images/x/bild.webp", "/static/css/site.0123456789ab.css"
_PROGRAMS = ("/terrorhotniva.json", "/terrorhotniva.atom", "/en/terrorhotniva.atom", "/meddelanden.json",
             "/meddelanden.atom", "/en/meddelanden.atom")  # fmt: skip
# The forms, which are on the first machine alone.
_ELSEWHERE = (
    "/tipsa/",
    "/en/tipsa/",
    "/tillganglighet/meddelande/",
    "/en/tillganglighet/meddelande/",
)
_PASSING = {
    "connection",
    "date",
    "etag",
    "last-modified",
    "server",
    "accept-ranges",
    "transfer-encoding",
}


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def comparable(self) -> tuple[int, bytes, dict[str, object]]:
        """Without what tells when; policies as sets, since their order means nothing."""
        kept: dict[str, object] = {
            name: value for name, value in self.headers.items() if name not in _PASSING
        }
        policy = str(kept.pop("content-security-policy", ""))
        return (
            self.status,
            self.body,
            {**kept, "policy": {each.strip() for each in policy.split(";")}},
        )


def _ask(
    front: Nginx, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> Answer:
    connection = http.client.HTTPConnection(PUBLIC)
    connection.sock = front.connected(timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {"Host": PUBLIC, **named})
    response = connection.getresponse()
    said = {name.lower(): value for name, value in response.getheaders()}
    answer = Answer(response.status, response.read(), said)
    connection.close()
    return answer


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    with installation() as site:
        var = site.folder / "var"
        (var / STYLE.removeprefix("/")).write_bytes(b"x" * 5000)
        for name in ("public", "editorial"):
            site.serve(name)
        site.write_edition()
        until(lambda: site.edition_has(ARTICLE, "Samverkan"), 60)
        with nginx(site.front):
            yield site


@pytest.fixture(scope="module")
def mirror(site: Installation) -> Iterator[MirrorMachine]:
    machine = MirrorMachine(site.folder / "mirror", site.folder / "var")
    with machine.sshd(), machine.followed(), nginx(machine.front):
        until((machine.site / "current").exists, 60)
        yield machine


def _words(mirror: MirrorMachine, path: str) -> str:
    return _ask(mirror.front, path).body.decode()


def test_what_is_published_is_on_the_mirror_within_five_seconds(
    site, mirror, rounds, record_property
):
    took = []
    for count in range(rounds(3, 20)):
        until(lambda: _is_settled(site, mirror), 60)
        site.publish(f"Speglad {count}")
        took.append(until(lambda n=count: f"Speglad {n}" in _words(mirror, ARTICLE), 60))
    # One of them may have met a machine with much else to do.
    assert sorted(took)[len(took) // 2] < WITHIN_SECONDS
    record_property("rounds", len(took))
    record_property("seen", f"on the mirror after {max(took):.1f} s at the most")


def _addresses(site: Installation) -> list[str]:
    sitemap = site.ask("/sitemap.xml", service="public")[1]
    found = re.findall(r"<loc>https://[^/<]+(/[^<]*)</loc>", sitemap)
    assert len(found) > 20
    return found


def _is_settled(site: Installation, mirror: MirrorMachine) -> bool:
    """Whether the edition is whole, and the mirror has all of it."""
    var = site.folder / "var"
    current = (var / "edition" / "current").resolve()
    with suppress(OSError):
        shown = (mirror.site / "current").resolve()
        pages = [path.relative_to(current) for path in current.rglob("index.html*")]
        return (current / "whole").exists() and all(
            (current / page).read_bytes() == (shown / "edition/current" / page).read_bytes()
            for page in pages
        )
    return False


@contextmanager
def _first_machine_gone(site: Installation) -> Iterator[None]:
    """Nothing of it answers, and its files are not there."""
    var, away = site.folder / "var", site.folder / "away"
    for name in ("public", "editorial", "edition"):
        site.end(name)
        site.front.socket(name).unlink(missing_ok=True)
    var.rename(away)
    try:
        yield
    finally:
        shutil.rmtree(var, ignore_errors=True)
        away.rename(var)
        for name in ("public", "editorial"):
            site.serve(name)
        site.write_edition()


@pytest.mark.fault("the first machine gone")
def test_without_the_first_machine_every_address_of_the_sitemap_is_answered_to_the_byte(
    site, mirror, record_property
):
    until(lambda: _is_settled(site, mirror), 60)
    addresses = [address for address in _addresses(site) if address not in _ELSEWHERE]
    programs = [address for address in _PROGRAMS if _ask(site.front, address).status == 200]
    assert len(programs) > 2
    # The job would take it away with the next change, since no page shows it.
    for files in (site.folder / "var", mirror.site / "current"):
        picture = files / f"files/public{PICTURE.removeprefix('/media')}"
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(b"x" * 5000)
    addresses += [*programs, PICTURE, STYLE, ARTICLE[:-1], f"{ARTICLE}?utm_source=brev"]
    encodings = ("identity", "gzip", "br, gzip")
    before = {}
    for address in addresses:
        for encoding in encodings:
            # What the first machine's service answers is compressed as it goes.
            if (address in _PROGRAMS or "?" in address) and encoding != "identity":
                continue
            before[address, encoding] = _ask(site.front, address, Accept_Encoding=encoding)
    assert {asked for asked, answer in before.items() if answer.status not in (200, 301)} == set()
    with _first_machine_gone(site):
        for (address, encoding), answer in before.items():
            by_mirror = _ask(mirror.front, address, Accept_Encoding=encoding)
            assert _without_vary(by_mirror, address) == _without_vary(answer, address), (
                address,
                encoding,
            )
        record_property("seen", f"{len(addresses)} addresses to the byte, in three encodings")
        record_property("lost", 0)
        _shows_what_it_lacks(mirror)


def _without_vary(answer: Answer, address: str) -> tuple[int, bytes, dict[str, object]]:
    status, body, headers = answer.comparable
    if (
        "?" in address or status == 301 or address in _PROGRAMS
    ):  # the service has said these, nginx says those
        headers.pop("vary", None)
    if address in _PROGRAMS:  # a feed without entries says when it was made
        body = re.sub(rb"<updated>[^<]*</updated>", b"", body)
    if status == 301:
        return status, b"", {"location": str(headers["location"]).removeprefix(f"https://{PUBLIC}")}
    return status, body, headers


def _shows_what_it_lacks(mirror: MirrorMachine) -> None:
    for path in ("/tipsa/", "/tipsa/formular/", "/en/tipsa/formular/"):
        for method, body in (("GET", None), ("HEAD", None), ("POST", b"x" * 300_000)):
            answer = _ask(mirror.front, path, method, body)
            assert (answer.status, answer.headers["retry-after"]) == (503, "300"), (path, method)
            if method != "HEAD":
                text = answer.body.decode()
                assert "Tipsformuläret är stängt just nu" in text
                assert all(
                    number in text for number in ("tel:112", "tel:11414", "tel:+46105687000")
                )
    for path in (
        "/sok/?q=hamn",
        "/finns-inte/",
        "/verksamheten/?sida=2",
        "/dokument/1/a.pdf",
        "/media/x.webp",
    ):
        answer = _ask(mirror.front, path)
        assert answer.status == 503, path
        assert "Det här går inte att visa just nu" in answer.body.decode()
        assert "max-age=63072000" in answer.headers["strict-transport-security"]
    for path in ("/admin/login/", "/tipsmottagning/", "/manifest", "/edition/current/index.html",
                 "/verksamheten/index.html", "/../editions/"):  # fmt: skip
        assert _ask(mirror.front, path).status in (400, 503), path
    assert _ask(mirror.front, ARTICLE, "POST", b"a=b").status == 503
    assert _ask(mirror.front, ARTICLE, Cookie="__Host-kakmeddelande=stangt").status == 200
    assert _ask(mirror.front, "/halsa/").body == b"ok\n"
    said = "".join(
        path.read_text()
        for path in (mirror.front.folder / "log").iterdir()
        if path.name != "start.log"
    )
    assert "127.0.0.1" not in said, "nobody who reads stands in a log"
    # Whoever is root there may lay a crisis page by hand.
    page = Path(mirror.site, "current/edition/emergency.html")
    page.write_text("Viktigt")
    try:
        assert _ask(mirror.front, ARTICLE).body == b"Viktigt"
        here = {"Referer": f"https://{PUBLIC}/"}
        assert _ask(mirror.front, ARTICLE, **here).status == 200
    finally:
        page.unlink()


def test_what_is_withdrawn_is_gone_from_the_mirror_within_five_seconds(site, mirror):
    took = []
    while not took or (took[-1] >= WITHIN_SECONDS and len(took) < TRIES):
        site.publish("Samverkan")
        until(lambda: _ask(mirror.front, ARTICLE).status == 200, 60)
        until(lambda: _is_settled(site, mirror), 60)
        site.unpublish()
        took.append(until(lambda: _ask(mirror.front, ARTICLE).status == 503, 60))
    # The disk of the machine may have much else to write meanwhile.
    assert min(took) < WITHIN_SECONDS
    until(
        lambda: not any("samverkan" in place for place, _d, names in os.walk(mirror.site) if names),
        20,
    )
