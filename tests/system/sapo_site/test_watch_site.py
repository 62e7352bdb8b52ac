"""The watcher outside: what differs from the signed release is seen at the next round, and nothing else is."""

import argparse
import gzip
import json
import threading
from collections.abc import Callable, Iterator
from functools import cache
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sapo_site.script import signed_release, watch_site
from sapo_site.script.installed import STATIC, File
from sapo_site.script.releasing import manifest_of
from sapo_site.script.served_as import DESK_PAGES, HASHED, TIP_FORM_PAGES
from sapo_site.script.signed_release import Alarm, Manifest, digest
from sapo_site.script.watch_site import KEYRING, SHEETS, WELL_KNOWN, Differing, WatchedSite
from tests.signed import Signers

SIGNERS = Signers()
ORIGIN = "https://www.example.se"
SCRIPT = "/static/tips/form.0123456789ab.js"
SHEET = '<!doctype html><title>Tipsa</title><link rel="stylesheet" href="/static/site.0123456789ab.css">'
START = (
    f'{SHEET}<script src="{SCRIPT}" integrity="sha384-x"></script><a href="https://annan.example/">Annan</a>'
    '<a href="/tipsa/">Tipsa</a><a href="/om/">Om oss</a>'
)
# What root has laid before a tip, and what the intake writes.
TIPS = f'{SHEET}<a href="https://vader.example/">Lämna sidan</a><a href="tel:112">112</a><a href="/om/uppgifter/">Om</a>'
FORM = (
    f'{TIPS}<form action="/tipsa/formular/utan-skript/skriv/" method="post"><textarea></textarea></form>'
    '<a href="/en/tipsa/formular/utan-skript/skriv/">English</a><a href="/tipsa/">Tipsa</a><a href="#slut">Slut</a>'
)


class Served:
    """A site as it is served: what stands at each address, which a test changes."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, list[tuple[str, str]], bytes]] = {}
        self.asked: list[str] = []
        self.before: Callable[[str], None] = lambda address: None
        self.manifests: list[bytes] = []
        self.release(1)
        self.keyring(1)

    def release(self, text: int | str, signers: Signers = SIGNERS, **more: str) -> None:
        """Lays out the next release, in which the script is another."""
        previous = digest(self.manifests[-1]) if self.manifests else "0" * 64
        name = (
            f"{STATIC}/tips/form.{len(self.manifests):012x}.js"
            if self.manifests
            else f"{STATIC}{SCRIPT[7:]}"
        )
        self.files = {
            name: f"form({text})".encode() * 20,
            f"{STATIC}/site.0123456789ab.css": b"p { color: navy }",
            f"{STATIC}/icon.svg": b"<svg/>",
            f"{STATIC}/desk/key.html": f"<!doctype html><title>{text}</title>".encode(),
            f"{STATIC}/desk/desk.html": f"<!doctype html><title>Kö {text}</title>".encode(),
            **{f"{STATIC}/{name}": f"{TIPS}{name}".encode() for name in TIP_FORM_PAGES.values()},
        }
        number = len(self.manifests) + 1
        facts = {"number": number, "version": "1.0", "commit": "c" * 40, "made": "2026-12-01",
                 "previous": previous, "signers": signers.hash, **more}  # fmt: skip
        listed = {
            name: File(digest(octets), len(octets), "644") for name, octets in self.files.items()
        }
        self.manifests.append(
            manifest_of({word: str(each) for word, each in facts.items()}, listed, {})
        )
        self.lay(self.manifests[-1], signers.sign("release", self.manifests[-1]))
        manifest = Manifest(self.manifests[-1])
        octets_of = {digest(octets): octets for octets in self.files.values()}
        for address, (total, _size, kind) in manifest.served.items():
            self._put(address, kind, octets_of[total], manifest)
        start = START.replace(SCRIPT, f"/static{name.removeprefix(STATIC)}")
        for address, kind in manifest.accepted.items():
            page = start if address == "/" else FORM
            self._put(address, kind, page.encode(), manifest)
        self._put("/om/", "text/html;charset=utf-8", b"<p>Om oss</p>", manifest)

    def lay(self, octets: bytes, file: bytes | None = None) -> None:
        for name, content in {
            "release.txt": octets,
            "release.txt.sig": SIGNERS.sign("release", octets) if file is None else file,
            "signers-1.json": SIGNERS.file,
        }.items():
            self.answers[WELL_KNOWN + name] = (200, [("Content-Type", "text/plain")], content)

    def keyring(
        self, serial: int, previous: bytes | None = None, signers: Signers = SIGNERS, **changed
    ) -> bytes:
        octets = signers.keyring(serial, previous, **changed)
        for address, content in {
            f"{KEYRING}.json": octets,
            f"{KEYRING}.json.sig": signers.sign("keyring", octets),
            f"{KEYRING}-{serial}.json": octets,
        }.items():
            self.answers[address] = (200, [("Content-Type", "application/json")], content)
        return octets

    def sheet(self, hour: int, before: bytes = b"", key: int = 9) -> bytes:
        """Lays out the next sheet of what was said."""
        signing = Ed25519PrivateKey.from_private_bytes(bytes([key] * 32))
        name, former = (f"20261202T{each:02}0000Z" for each in (hour, hour - 1))
        link = f"{former} {digest(before)}" if before else "-"
        octets = f"sapo-sheet/1\nmade {name}\nbefore {link}\nchain 1 {'0' * 64}\n".encode()
        pem = signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for file, content in {
            "senaste.txt": octets, f"{name}.txt": octets, f"{name}.sig": signing.sign(octets),
            "nyckel.pem": pem,
        }.items():  # fmt: skip
            self.answers[f"{SHEETS}{file}"] = (200, [("Content-Type", "text/plain")], content)
        return octets

    def _put(self, address: str, kind: str, octets: bytes, manifest: Manifest) -> None:
        headers = [
            (name, "max-age=9" if value == "*" else value)
            for name, value in manifest.headers_for(address, ORIGIN)
        ]
        self.answers[address] = (200, [("Content-Type", kind), *headers], octets)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body at once

    def do_GET(self) -> None:
        served: Served = self.server.served  # type: ignore[attr-defined]
        served.before(self.path)
        served.asked.append(self.path)
        status, headers, octets = served.answers.get(self.path, (404, [], b"saknas"))
        self.send_response(status)
        if "gzip" in self.headers["Accept-Encoding"] and self.path.endswith((".js", ".css")):
            headers, octets = [*headers, ("Content-Encoding", "gzip")], gzip.compress(octets)
        for name, value in [*headers, ("Content-Length", str(len(octets)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def asked_once(monkeypatch):
    """openssl is asked once of the same signature: rounds are many here."""
    monkeypatch.setattr(signed_release, "holds", cache(signed_release.holds))


@pytest.fixture
def served() -> Iterator[Served]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # who asks may have enough
    site = server.served = Served()  # type: ignore[attr-defined]
    site.port = server.server_port  # type: ignore[attr-defined]
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    ).start()
    yield site
    server.shutdown()
    server.server_close()


def _watcher(served: Served, state: dict | None = None, **changed) -> WatchedSite:
    given = {
        "url": ORIGIN,
        "desk": "https://tips.example.se",
        "proxy": None,
        "ca": None,
        "only": None,
        **changed,
    }
    site = WatchedSite(
        argparse.Namespace(**given), {"root": SIGNERS.root} if state is None else state
    )
    for place in site.lines:
        site.lines[place] = HTTPConnection("127.0.0.1", served.port, timeout=10)  # type: ignore[attr-defined]
    return site


def _look(site: WatchedSite) -> list[Differing]:
    return site.look(wait=lambda seconds: None)


def _alarms(site: WatchedSite) -> list[str]:
    """What a round says, whether of files or of what is signed."""
    try:
        return [f"{each.address} {each.text}" for each in _look(site)]
    except Alarm as error:
        return [str(error)]


def test_what_is_served_as_it_was_signed_gives_no_alarm(served):
    site = _watcher(served)

    assert _alarms(site) == []

    manifest = Manifest(served.manifests[-1])
    assert {*manifest.served, *manifest.accepted, *DESK_PAGES, "/om/", f"{KEYRING}.json"} <= set(
        served.asked
    )
    assert "https://annan.example/" not in served.asked
    assert site.state["release"] == [1, manifest.hash, 1]
    assert site.state["keyring"][0] == 1


def test_without_the_desks_address_its_pages_are_passed_over(served):
    assert _alarms(_watcher(served, desk=None)) == []

    assert not set(DESK_PAGES) & set(served.asked)


def _changes(served: Served) -> list[Callable[[Random], None]]:
    """The ways in which what is served can be other than what was signed."""
    manifest = Manifest(served.manifests[-1])
    listed, pages = sorted(manifest.served), sorted(manifest.accepted)

    def octet(random: Random) -> None:
        address = random.choice(listed)
        status, headers, octets = served.answers[address]
        at = random.randrange(len(octets))
        served.answers[address] = (
            status,
            headers,
            octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :],
        )

    def shorter(random: Random) -> None:
        address = random.choice(listed)
        status, headers, octets = served.answers[address]
        served.answers[address] = (status, headers, octets[:-1])

    def header_less(random: Random) -> None:
        address = random.choice([*listed, *pages])
        status, headers, octets = served.answers[address]
        gone = random.randrange(1, len(headers))
        served.answers[address] = (status, headers[:gone] + headers[gone + 1 :], octets)

    def header_changed(random: Random) -> None:
        address = random.choice([*listed, *pages])
        status, headers, octets = served.answers[address]
        at = random.choice(
            [number for number, each in enumerate(headers) if each[1] != "max-age=9"]
        )
        other = (headers[at][0], f"{headers[at][1]}x")
        served.answers[address] = (status, [*headers[:at], other, *headers[at + 1 :]], octets)

    def header_more(random: Random) -> None:
        address = random.choice([*listed, *pages])
        status, headers, octets = served.answers[address]
        more = random.choice(
            [
                ("Link", "</ond.js>; rel=preload"),
                ("Refresh", "0"),
                ("Set-Cookie", "a=b"),
                ("Service-Worker-Allowed", "/"),
            ]
        )
        served.answers[address] = (status, [*headers, more], octets)

    def order(random: Random) -> None:
        one, other = random.sample([each for each in listed if each not in DESK_PAGES], 2)
        served.answers[one], served.answers[other] = served.answers[other], served.answers[one]

    def page_more(random: Random) -> None:
        more = random.choice([
            b"<script>ond()</script>", b'<script src="/ond.js"></script>', b'<script src="https://ond.example/a.js"></script>',
            b'<link rel="stylesheet" href="/ond.css">', b'<form action="https://ond.example/"></form>',
            b'<meta http-equiv="refresh" content="0; URL=https://ond.example/">', b'<base href="https://ond.example/">',
            b'<iframe src="https://ond.example/"></iframe>', b'<button formaction="//ond.example/">Skicka</button>',
        ])  # fmt: skip
        address = random.choice(pages)
        status, headers, octets = served.answers[address]
        served.answers[address] = (status, headers, octets + more)

    def script_elsewhere(random: Random) -> None:
        served.answers["/om/"] = (
            200,
            [("Content-Type", random.choice(["text/javascript", "application/ecmascript"]))],
            b"ond()",
        )

    def gone(random: Random) -> None:
        del served.answers[random.choice([*listed, *pages])]

    def manifest_of_yesterday(random: Random) -> None:
        served.lay(served.manifests[random.randrange(len(served.manifests) - 1)])

    def manifest_unsigned(random: Random) -> None:
        octets = served.manifests[-1].replace(
            b"version 1.0", b"version 1.%d" % random.randrange(1, 99)
        )
        served.lay(
            octets,
            random.choice(
                [
                    SIGNERS.sign("release", served.manifests[-1]),
                    SIGNERS.sign("release", octets, 1),
                    b"",
                ]
            ),
        )

    def keyring_back(random: Random) -> None:
        served.keyring(1)

    def keyring_other(random: Random) -> None:
        random.choice([
            lambda: served.keyring(2, made_on=f"2026-11-{random.randrange(10, 28)}"),
            lambda: served.keyring(4, b"en annan"),
            lambda: served.keyring(3, served.answers[f"{KEYRING}.json"][2], Signers((7, 8, 9))),
            lambda: served.keyring(3, served.answers[f"{KEYRING}.json"][2], not_after="2026-11-27"),
            lambda: served.answers.pop(f"{KEYRING}.json"),
        ])()  # fmt: skip

    return [octet, shorter, header_less, header_changed, header_more, order, page_more, script_elsewhere,
            gone, manifest_of_yesterday, manifest_unsigned, keyring_back, keyring_other]  # fmt: skip


def test_each_change_of_every_kind_is_an_alarm(served, rounds):
    served.keyring(2, served.keyring(1))
    served.release(2)
    state = {"root": SIGNERS.root}
    assert _alarms(_watcher(served, state)) == []
    untouched = dict(served.answers)

    silent = []
    for seed in range(rounds(2 * len(_changes(served)), 100)):
        served.answers = dict(untouched)
        kinds = _changes(served)
        change = kinds[seed % len(kinds)]
        change(Random(seed))
        if not _alarms(_watcher(served, dict(state))):
            silent.append((seed, change.__name__))

    assert silent == []


@pytest.mark.parametrize("address", ["/tipsa/", "/tipsa/formular/utan-skript/"])
def test_one_link_that_is_changed_on_a_page_before_a_tip_is_an_alarm(served, address):
    status, headers, octets = served.answers[address]
    served.answers[address] = status, headers, octets.replace(b"vader.example", b"ond.example")
    assert {alarm.partition(" andra oktetter")[0] for alarm in _alarms(_watcher(served))} == {
        address
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("https://vader.example/", "https://ond.example/", "leder till https://ond.example/"),
        ("tel:112", "tel:113", "leder till tel:113"),
        ('href="/tipsa/"', 'href="/om/ond/"', "leder till /om/ond/"),
        ('action="/tipsa/formular/utan-skript/skriv/"', 'action="/sok/"', "leder till /sok/"),
        ("<a href", '<meta http-equiv="refresh" content="9;url=/sok/"><a href', "leder till /sok/"),
    ],
)
def test_the_form_that_the_intake_writes_leads_nowhere_but_where_signed_pages_do(
    served, old, new, said
):
    address = "/tipsa/formular/utan-skript/skriv/"
    status, headers, octets = served.answers[address]
    served.answers[address] = status, headers, octets.decode().replace(old, new, 1).encode()
    assert set(_alarms(_watcher(served))) == {f"{address} {said}, dit ingen signerad sida leder"}


@pytest.mark.parametrize("place", ["utan-skript/skriv/", "utan-skript/skriv/?x=1", "annat/"])
def test_the_website_leads_to_no_page_of_the_intake_past_those_of_root(served, place):
    status, headers, octets = served.answers["/"]
    octets = octets.replace(b'"/tipsa/"', f'"/tipsa/formular/{place}"'.encode())
    served.answers["/"] = status, headers, octets
    said = f"/ leder till /tipsa/formular/{place}, dit ingen signerad sida leder"
    assert said in _alarms(_watcher(served))


def test_releases_while_it_looks_are_no_alarm(served, rounds):
    releases = rounds(10, 50)
    state = {"root": SIGNERS.root}
    random = Random(7)
    said = []
    for number in range(releases):
        after = random.randrange(1, 25)
        asked = []

        def lay(
            address: str, number: int = number, after: int = after, asked: list[str] = asked
        ) -> None:
            asked.append(address)
            if len(asked) == after:
                served.release(number)

        served.before = lay
        said += _alarms(_watcher(served, state))

    assert said == []
    assert len(served.manifests) == releases + 1
    assert state["release"][0] >= releases


def test_what_differed_once_is_no_alarm_and_what_stays_is_named_with_both_sums(served):
    page = served.answers[SCRIPT]
    wrong = (page[0], page[1], b"ond()")
    served.answers[SCRIPT] = wrong
    waited = []

    def mended(seconds: float) -> None:
        waited.append(seconds)
        served.answers[SCRIPT] = page

    assert _watcher(served).look(wait=mended) == []
    assert waited == [20]

    served.answers[SCRIPT] = wrong
    [fault, _same] = _look(_watcher(served))
    assert fault.address == SCRIPT
    assert digest(b"ond()") in fault.text
    assert digest(page[2]) in fault.text
    assert fault.octets == b"ond()"


def test_a_script_that_only_a_browser_without_compression_is_given_is_seen(served, monkeypatch):
    def plain(self: _Handler) -> None:
        if self.path == SCRIPT and "gzip" not in self.headers["Accept-Encoding"]:
            self.path = "/ond.js"
        real(self)

    real = _Handler.do_GET
    served.answers["/ond.js"] = (200, served.answers[SCRIPT][1], b"ond()")
    monkeypatch.setattr(_Handler, "do_GET", plain)

    assert len(_alarms(_watcher(served))) == 1


def test_a_release_that_changes_all_the_while_is_an_alarm(served):
    served.before = lambda address: served.release(address) if address == "/om/" else None

    assert _alarms(_watcher(served)) == ["Releasen byter hela tiden."]


def test_without_a_signed_release_it_says_so(served):
    for name in ("release.txt", "release.txt.sig"):
        del served.answers[WELL_KNOWN + name]

    assert _alarms(_watcher(served)) == ["Ingen signerad release är utlagd."]


def test_another_release_than_the_one_that_is_waited_for_is_an_alarm(served):
    assert _alarms(_watcher(served, only=1)) == []
    assert _alarms(_watcher(served, only=2)) == ["Release 1 är utlagd; bara 2 väntas."]


def test_keyrings_between_two_rounds_must_link(served):
    state = {"root": SIGNERS.root}
    first = served.keyring(1)
    assert _alarms(_watcher(served, state)) == []
    served.keyring(4, served.keyring(3, served.keyring(2, first)))

    assert _alarms(_watcher(served, dict(state))) == []

    del served.answers[f"{KEYRING}-3.json"]
    assert len(_alarms(_watcher(served, state))) == 1


def test_sheets_of_what_was_said_lead_back_by_one_key_to_the_one_seen(served):
    first = served.sheet(1)
    state = {"root": SIGNERS.root}
    assert _alarms(_watcher(served, state)) == []
    second = served.sheet(2, first)
    served.sheet(3, second)
    assert _alarms(_watcher(served, state)) == []
    assert state["sheet"][0] == "20261202T030000Z"
    for changed, told in (
        (lambda: served.sheet(3, b"annat"), "följer inte på 20261202T030000Z"),
        (lambda: served.sheet(4, b"annat"), "följer inte på 20261202T030000Z"),
        (lambda: served.sheet(2, first), "följer inte på 20261202T030000Z"),
        (lambda: served.sheet(3, second, key=8), "är inte signerat med nyckeln"),
        (lambda: served.answers.pop(f"{SHEETS}senaste.txt"), "är borta"),
    ):
        changed()
        [alarm] = _alarms(_watcher(served, state))
        assert told in alarm


def test_sheets_that_lead_back_without_an_end_are_an_alarm(served, monkeypatch):
    state = {"root": SIGNERS.root}
    octets = served.sheet(1)
    assert _alarms(_watcher(served, state)) == []
    for hour in range(2, 9):
        octets = served.sheet(hour, octets)
    asked, waited = list[str](), list[float]()
    served.before = asked.append
    for most, told in ((6, ["Bladet 20261202T080000Z följer inte på 20261202T010000Z"]), (7, [])):
        monkeypatch.setattr(watch_site, "SHEETS_BACK", most)
        asked.clear()
        assert [each.partition(",")[0] for each in _alarms(_watcher(served, dict(state)))] == told
        assert sum(each.startswith(f"{SHEETS}2") for each in asked) == most + 1
    _watcher(served, dict(state)).look(wait=waited.append)
    assert waited == [watch_site.SHEET_PAUSE] * 7
    served.sheet(9, octets, key=8)
    assert len(_alarms(_watcher(served, dict(state)))) == 1
    assert asked[-1].endswith(".sig"), "what nobody signed is not followed"


def test_the_sheet_that_was_signed_with_the_release_stands_there(served):
    first = served.sheet(1)
    served.sheet(2, first)
    served.release(2, sheet=f"20261202T010000Z {digest(first)}")
    assert _alarms(_watcher(served)) == []
    served.sheet(2, served.sheet(1, key=8))  # a series of which all but the signed sheet holds
    served.answers[f"{SHEETS}20261202T010000Z.txt"] = (200, [], first + b" ")
    [alarm] = _alarms(_watcher(served))
    assert alarm == "Bladet 20261202T010000Z är inte det som är signerat med releasen."
    del served.answers[f"{SHEETS}senaste.txt"]
    assert _alarms(_watcher(served)) == ["Bladen över vad webbplatsen har sagt är borta."]


def test_a_keyring_that_is_out_of_date_hides_nothing_else(served):
    served.keyring(2, served.answers[f"{KEYRING}.json"][2], not_after="2026-11-29")
    told = "Nyckelring 2 gick ut 2026-11-29."
    assert [each.endswith(told) for each in _alarms(_watcher(served))] == [True]

    status, headers, octets = served.answers[SCRIPT]
    served.answers[SCRIPT] = status, headers, octets + b"//"
    assert {each.partition(" ")[0] for each in _alarms(_watcher(served))} == {
        SCRIPT,
        f"{KEYRING}.json",
    }


def test_a_release_that_does_not_follow_on_the_one_seen_is_an_alarm(served):
    state = {"root": SIGNERS.root}
    assert _alarms(_watcher(served, state)) == []
    served.manifests[0] = served.manifests[0].replace(b"version 1.0", b"version 1.1")
    served.release(2)

    assert _alarms(_watcher(served, state)) == ["release 2 följer inte på 1, som har synts förut."]


def test_new_signers_are_walked_to_and_former_ones_sign_no_more_once_they_have(served):
    following = Signers((2, 3, 4), after=SIGNERS)
    state = {"root": SIGNERS.root}
    for name, octets in {
        "signers-2.json": following.file,
        "signers-2.json.sig": SIGNERS.sign_next(following),
    }.items():
        served.answers[WELL_KNOWN + name] = (200, [], octets)
    assert _alarms(_watcher(served, state)) == [], "they need not have signed the release"
    served.release(2, following)
    assert _alarms(_watcher(served, state)) == []
    assert state["release"][2] == 2

    served.release(3)

    assert _alarms(_watcher(served, state)) == ["release 3 följer inte på 2, som har synts förut."]


def test_a_site_without_a_keyring_is_compared_all_the_same(served):
    for address in [each for each in served.answers if each.startswith(KEYRING)]:
        del served.answers[address]

    assert _alarms(_watcher(served)) == []


@pytest.fixture
def program(served, tmp_path, monkeypatch) -> Callable[..., int]:
    """The program as it is run, once."""
    monkeypatch.setattr(watch_site, "PAUSES", (0, 0))
    monkeypatch.setattr(
        watch_site,
        "HTTPSConnection",
        lambda host, **_: HTTPConnection("127.0.0.1", served.port, timeout=10),
    )
    return lambda *words: watch_site.watch_once(
        [ORIGIN, "--state", str(tmp_path / "seen.json"), *words]
    )


def test_it_ends_with_0_2_or_3_and_says_what_it_saw(program, served, tmp_path, capsys):
    assert program("--root", SIGNERS.root) == 0
    assert capsys.readouterr().out == "Release 1 är den som visas.\n"

    status, headers, octets = served.answers[SCRIPT]
    served.answers[SCRIPT] = (status, headers, b"ond()")
    assert program() == 2
    said = capsys.readouterr().out
    assert said.startswith(f"LARM {SCRIPT} andra oktetter: ")
    assert said.count("\n") == 1
    kept = json.loads((tmp_path / "seen.alarm.json").read_text())
    assert bytes.fromhex(kept[0]["octets"]) == b"ond()"
    assert kept[0]["wanted"] == digest(octets)

    served.answers[SCRIPT] = (503, headers, octets)
    assert program() == 3
    assert capsys.readouterr().out == f"Går inte att nå: {SCRIPT}: svar 503\n"


def test_what_differs_is_an_alarm_also_where_something_else_does_not_answer(
    program, served, capsys
):
    assert program("--root", SIGNERS.root) == 0
    served.answers[SCRIPT] = (200, served.answers[SCRIPT][1], b"ond()")
    for address in Manifest(served.manifests[-1]).accepted:
        served.answers[address] = (503, [], b"")

    assert program() == 2

    assert f"LARM {SCRIPT} " in capsys.readouterr().out


def test_what_differed_and_then_says_nothing_is_still_an_alarm(served):
    status, headers, _octets = served.answers[SCRIPT]
    served.answers[SCRIPT] = (status, headers, b"ond()")

    def fall_silent(_seconds):
        served.answers[SCRIPT] = (503, headers, b"")

    found = _watcher(served).look(wait=fall_silent)

    assert [each.octets for each in found] == [b"ond()"] * 2
    assert {each.address for each in found} == {SCRIPT}


def test_another_root_than_the_one_that_it_began_with_is_not_taken(program, capsys):
    assert program("--root", SIGNERS.root) == 0

    with pytest.raises(SystemExit):
        program("--root", Signers((7, 8, 9)).root)

    assert "sedan densamma" in capsys.readouterr().err


def test_an_answer_that_grows_when_it_is_unpacked_takes_no_more_memory_than_it_may(
    served, monkeypatch
):
    monkeypatch.setattr(watch_site, "_LARGEST", 2**20)
    status, headers, _octets = served.answers[SCRIPT]
    served.answers[SCRIPT] = (status, headers, b"\0" * 2**24)

    assert len(_look(_watcher(served))[0].octets) == 2**20


def test_what_it_has_seen_is_kept_between_the_rounds(program, served, tmp_path, capsys):
    served.release(2)
    assert program("--root", SIGNERS.root) == 0
    served.lay(served.manifests[0])

    assert program() == 2

    assert "följer inte på 2" in capsys.readouterr().out
    assert json.loads((tmp_path / "seen.json").read_text())["release"][0] == 2


def test_without_a_root_it_does_not_begin(program, capsys):
    with pytest.raises(SystemExit):
        program()

    assert "--root behövs första gången" in capsys.readouterr().err


def test_what_is_no_signed_file_at_all_is_an_alarm_and_no_fault_of_its_own(program, served, capsys):
    for octets in (
        b'{"signers":5}\n',
        b"[]",
        b"\xff",
        b'{"format":"sapo-signers/1","number":2,"signers":[1,2,3],"threshold":2}\n',
    ):
        served.answers[f"{WELL_KNOWN}signers-2.json"] = (200, [], octets)
        assert program("--root", SIGNERS.root) == 2
    assert capsys.readouterr().out.count("LARM") == 4


def test_the_narrowest_class_of_addresses_says_which_headers(served):
    manifest = Manifest(served.manifests[-1])

    assert ("cache-control", "public, max-age=31536000, immutable") in manifest.headers_for(
        SCRIPT, ORIGIN
    )
    assert ("cache-control", "public, max-age=3600") in manifest.headers_for(
        "/static/icon.svg", ORIGIN
    )
    assert HASHED in manifest.headers
    [policy] = [
        value
        for name, value in manifest.headers_for("/", ORIGIN)
        if name == "content-security-policy"
    ]
    assert policy.startswith(f"script-src {ORIGIN}/static/; worker-src 'none'")
