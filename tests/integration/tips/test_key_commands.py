"""Making keys, and the ceremony in which keyrings and signers are made, signed and put in place."""

import re
import stat
from datetime import timedelta
from functools import partial

import pyrage
import pytest
from django.utils.timezone import localdate

from tests.rings import SIGNER_KEYS, entries_for, intake_key_in, trust_in
from tips.handling import handlers
from tips.sealing import age, fingerprint, handler_file, keyring, requests, trust, trust_folder
from tips.sealing.signers import Pin
from tips.sealing.trust import SigningKey
from tips.signing import signer_keys

from .commands import fault, said, signera, signera_fault

PASSPHRASE = "fem ord som ingen gissar"
TWICE = f"{PASSPHRASE}\n" * 2
ROOT = f"1:{'ab' * 32}"


@pytest.fixture(autouse=True)
def _locks_are_quick(monkeypatch):
    # As strong as a real one, locking a key takes most of a second.
    monkeypatch.setattr(age, "lock", partial(age.lock, work_factor=1))


# Keys of handlers


def _key(folder, *words, typed=TWICE):
    """Made by somebody who stands in the folder, which is the ceremony's too."""
    given = ["--id", "anna-ek", "--namn", "Anna Ek", "--rot", ROOT]
    given += ["--ut", folder / "anna-ek.age", "--mapp", folder]
    return signera("handlaggare", *given, *words, typed=typed)


def test_a_new_key_opens_what_is_sealed_to_the_entry_that_it_asks_to_be(tmp_path):
    text = _key(tmp_path)

    octets = (tmp_path / "anna-ek.request").read_bytes()
    entry = requests.read_request(octets, (tmp_path / "anna-ek.request.sig").read_bytes())
    file = age.unlock((tmp_path / "anna-ek.age").read_text(), PASSPHRASE).decode()
    sealed = age.seal(b"hej", [entry.recipient])
    assert age.unseal(sealed, age.parse_identity_file(file)) == b"hej"
    found = handler_file.read_handler_file(file)
    assert (found.handler, found.root) == ("anna-ek", Pin.of(ROOT))
    assert SigningKey(found.secret, "handler").public == entry.key
    assert (entry.id, entry.name, entry.since) == ("anna-ek", "Anna Ek", localdate())
    assert f"Ta {tmp_path / 'anna-ek.request'} och .sig till ceremonin" in text
    for digest in (trust.sha256_of(octets), "ab" * 32):
        for row in fingerprint.word_rows(digest):
            assert row in text
    assert all(line.startswith("#") for line in file.splitlines()[:-1])


def test_a_vault_opens_and_signs_nothing(tmp_path):
    given = ["--rot", ROOT, "--mapp", tmp_path, "--ut", tmp_path / "reserv.age"]
    text = signera("reservnyckel", *given, typed=TWICE)
    entry = requests.read_request((tmp_path / "reserv.request").read_bytes(), b"")
    assert (entry.kind, entry.key, entry.name) == ("vault", None, "Reservnyckel")
    file = age.unlock((tmp_path / "reserv.age").read_text(), PASSPHRASE).decode()
    assert handler_file.read_handler_file(file).secret is None
    assert not (tmp_path / "reserv.request.sig").exists()
    assert f"Ta {tmp_path / 'reserv.request'} till ceremonin" in text


def test_what_asks_is_refused_when_another_key_has_signed_it(tmp_path):
    _key(tmp_path)
    octets = (tmp_path / "anna-ek.request").read_bytes()
    with pytest.raises(trust.TrustError):
        requests.read_request(octets, requests.sign_request(octets, SIGNER_KEYS[0]))
    with pytest.raises(trust.TrustError):
        requests.read_request(octets, b"")


def test_nobody_else_can_read_a_new_key_and_all_may_read_what_is_carried(tmp_path):
    _key(tmp_path)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {
        "anna-ek.age": 0o600, "anna-ek.request": 0o644, "anna-ek.request.sig": 0o644,
    }  # fmt: skip


def test_a_key_is_locked_and_opens_by_its_passphrase_in_other_age_programs(tmp_path):
    _key(tmp_path)
    path = tmp_path / "anna-ek.age"
    assert "AGE-SECRET-KEY" not in path.read_text()
    opened = age.unlock(path.read_text(), PASSPHRASE)
    unarmored = age.dearmor(path.read_text())
    assert pyrage.passphrase.decrypt(unarmored, PASSPHRASE) == opened


def test_what_cannot_be_a_key_is_not_made(tmp_path, monkeypatch, subtests):
    monkeypatch.chdir(tmp_path)
    for changes, typed, words in [
        ({"--ut": "ingen/anna.age"}, TWICE, "Mappen ingen finns inte"),
        ({"--ut": "anna.txt"}, TWICE, "--ut ska sluta på .age"),
        ({"--mapp": "ingen"}, TWICE, "Mappen ingen finns inte"),
        ({"--id": "Anna"}, TWICE, "--id skrivs med"),
        ({"--namn": " "}, TWICE, "Namnet skrivs med bokstäver"),
        ({"--rot": "1:ab"}, TWICE, "en rot skrivs som 1:"),
        ({"--rot": ""}, TWICE, "Ange roten från papperet"),
        ({}, "kort\nkort\n", "Lösenfrasen är för kort"),
        ({}, f"{PASSPHRASE}\n{PASSPHRASE}!\n", "Lösenfraserna är inte lika"),
        ({}, "", "inget skrevs"),
        ({"--behall": "borta.age"}, TWICE, "borta.age finns varken här eller i ."),
    ]:  # fmt: skip
        with subtests.test(changes=changes, typed=typed):
            given = {"--id": "anna-ek", "--namn": "Anna", "--rot": ROOT, **changes}
            pairs = (word for pair in given.items() for word in pair)
            assert words in signera_fault("handlaggare", *pairs, typed=typed)
            assert list(tmp_path.iterdir()) == []


# The ceremony: test_signera.py has it as the book says it


@pytest.fixture
def no_network(tmp_path, monkeypatch):
    interfaces = tmp_path / "net"
    for name, flags in (("lo", "0x9"), ("eth0", "0x1002")):
        (interfaces / name).mkdir(parents=True)
        (interfaces / name / "flags").write_text(f"{flags}\n")
    monkeypatch.setattr(signer_keys, "_INTERFACES", interfaces)
    return interfaces


class Stick:
    """The folder that goes from hand to hand, and beside it what each has on a machine of their own."""

    def __init__(self, folder):
        self.folder = folder
        self.own = folder.parent

    def do(self, command, *words, typed="", by=None):
        signs = ["--nyckel", self.own / f"{by}.age"] if by else []
        if by:
            typed = f"{PASSPHRASE}\n{typed}"
        return signera(command, "--mapp", self.folder, *words, *signs, typed=typed)

    def refuses(self, command, *words, typed="", by=None):
        signs = ["--nyckel", self.own / f"{by}.age"] if by else []
        if by:
            typed = f"{PASSPHRASE}\n{typed}"
        return signera_fault(command, "--mapp", self.folder, *words, *signs, typed=typed)

    def key_of(self, command, name, *words):
        out = self.own / f"{name}.age"
        return self.do(command, "--namn", name.title(), "--ut", out, *words, typed=TWICE)

    def handler(self, name):
        return self.key_of("handlaggare", name, "--id", name)


@pytest.fixture
def stick(tmp_path, settings, no_network):
    """Three signers who have made each other signers; the server believes their root."""
    folder = tmp_path / "sticka"
    folder.mkdir()
    made = Stick(folder)
    for name in ("sara", "sven", "siv"):
        made.key_of("undertecknare", name)
    made.do("borja", by="sara", typed="1\n")
    made.do("skriv-under", by="sven", typed="1\n")
    text = made.do("skriv-under", by="siv", typed="1\n")
    assert "Undertecknare 1: alla har skrivit under." in text
    settings.TIPS_TRUST_DIR, settings.TIPS_INTAKE_DIR = tmp_path / "trust", tmp_path / "intake"
    settings.TIPS_ROOT = tmp_path / "root"
    settings.TIPS_ROOT.write_text(re.search(r"Roten (1:[0-9a-f]{64})", text)[1])
    settings.TIPS_INTAKE_KEY = tmp_path / "intake.key"
    intake = intake_key_in(settings.TIPS_INTAKE_KEY)
    (folder / "intake.entry").write_bytes(requests.spell_intake(intake))
    return made


@pytest.fixture
def two_handlers(stick):
    """A first keyring, with Anna and Bo, that two have signed."""
    stick.handler("anna")
    stick.handler("bo")
    stick.do("borja", by="sara", typed="1\n")
    stick.do("skriv-under", by="sven", typed="1\n")
    return stick


def _twelve_words(text):
    return re.findall(r"^    (\w+ \w+ \w+ \w+)$", text, re.MULTILINE)


def test_one_comes_and_one_leaves_and_the_server_takes_what_two_have_signed(two_handlers, settings):
    stick = two_handlers
    said("tips_keyring", "install", "--folder", stick.folder)
    assert "Går att försegla till." in said("tips_keyring", "verify")

    words = stick.handler("cilla")
    last = localdate() + timedelta(days=90)
    given = ["--lagg-till", "cilla", "--ta-bort", "bo", "--sista-dag", last]
    made = stick.do("nasta", *given, by="sara", typed="2\n")
    assert f"Läggs till: Cilla (cilla), vars ord är: {' '.join(_twelve_words(words)[-3:])}." in made
    assert "Tas bort: Bo (bo)." in made
    assert "Tips förseglas till 2: Anna, Cilla." in made
    assert "Nyckelring 2: underskriven av Sara. En till ska skriva under." in made
    assert "är inte underskriven av två" in fault(
        "tips_keyring", "install", "--folder", stick.folder
    )
    assert "Nyckelring 2: underskriven av Sara. En till" in stick.refuses("prova")
    shown = stick.do("visa")
    assert _twelve_words(shown)[-3:] == _twelve_words(made)[-3:]
    stick.do("skriv-under", by="siv", typed="2\n")
    assert "Den kan läggas på plats på servern." in stick.do("prova")

    said("tips_keyring", "install", "--folder", stick.folder)
    assert _twelve_words(said("tips_keyring")) == _twelve_words(shown)[-3:]
    ring = trust_folder.load(settings.TIPS_TRUST_DIR, Pin.of(settings.TIPS_ROOT.read_text())).ring
    assert [entry.name for entry in ring.entries] == ["Anna", "Cilla"]
    assert (ring.former[0].until, ring.not_after) == (1, last)
    assert sorted(path.name for path in settings.TIPS_TRUST_DIR.iterdir()) == [
        "keyring-1.json", "keyring-1.json.sig", "keyring-2.json", "keyring-2.json.sig",
        "keyring.json", "keyring.json.sig", "signers-1.json", "signers-1.json.sig",
    ]  # fmt: skip


def test_nobody_signs_where_there_is_a_network(stick, no_network):
    stick.handler("anna")
    stick.handler("bo")
    (no_network / "eth0" / "flags").write_text("0x1003\n")
    assert "Datorn har nät (eth0)." in stick.refuses("borja", by="sara", typed="1\n")
    given = ["--namn", "Stig", "--mapp", stick.folder, "--ut", stick.own / "stig.age"]
    assert "Datorn har nät (eth0)." in signera_fault("undertecknare", *given, typed=TWICE)
    stick.do("borja")
    (no_network / "eth0" / "flags").unlink()
    assert "inte att se om datorn har nät" in stick.refuses("skriv-under", by="sara", typed="1\n")
    assert not (stick.folder / "keyring.json.sig").exists()
    assert "underskriven av Sara." in stick.do("skriv-under", "--jag-vet", by="sara", typed="1\n")


# A stop


@pytest.mark.django_db(databases=["default", "tips"])
def test_one_signer_stops_a_handler_by_two_commands(two_handlers):
    stick = two_handlers
    said("tips_keyring", "install", "--folder", stick.folder)
    text = stick.do("stoppa", "bo", "--skal", "ensam", by="siv", typed="bo\n")
    until = localdate() + timedelta(days=14)
    words = f"Bo (bo) till och med {until}, eller tills nyckelringen efter 1 gäller: gör på egen hand vad"
    assert f"Stoppar {words} som kräver två." in text
    path = stick.folder / "stop.json"
    assert f"Ta {path} och .sig till servern i dag: tips_stop {path}" in text
    assert not [name for name in ("anna", "bo") if handlers.handler_now(name) is None]
    assert said("tips_stop", path).startswith(
        f"bo är stoppad till och med {until}: gör på egen hand"
    )
    assert handlers.handler_now("bo") is None

    before = path.read_bytes()
    assert "finns redan" in stick.refuses("stoppa", "anna", by="siv", typed="anna\n")
    assert path.read_bytes() == before


def test_nothing_is_signed_that_would_stop_nobody(two_handlers, no_network):
    stick = two_handlers
    stick.key_of("undertecknare", "stig")
    (stick.folder / "stig.signer").unlink()
    assert "hör inte till" in stick.refuses("stoppa", "bo", by="stig", typed="bo\n")
    assert "har id cilla" in stick.refuses("stoppa", "cilla", by="siv", typed="cilla\n")
    assert "Det är inte id:t." in stick.refuses("stoppa", "bo", by="siv", typed="ja\n")
    assert "kan inte vara 'arg'" in stick.refuses("stoppa", "bo", "--skal", "arg", by="siv")
    assert stick.refuses("stoppa", by="siv") == "Något saknas: ID."
    (no_network / "eth0" / "flags").write_text("0x1003\n")
    assert "Datorn har nät" in stick.refuses("stoppa", "bo", by="siv", typed="bo\n")
    assert not list(stick.folder.glob("stop.json*"))


# The keyring that holds


@pytest.fixture
def installed(settings, tmp_path):
    made = trust_in(tmp_path / "trust", entries_for([age.generate_identity().recipient]))
    settings.TIPS_TRUST_DIR, settings.TIPS_ROOT = made.path, made.root
    settings.TIPS_INTAKE_DIR = tmp_path / "intake"  # which keyring it has seen
    settings.TIPS_INTAKE_KEY = tmp_path / "intake.key"
    intake_key_in(settings.TIPS_INTAKE_KEY)
    return made


def test_the_keyring_is_shown_when_nothing_else_is_asked(installed):
    text = said("tips_keyring")
    assert f"Nyckelring 1, gjord {localdate()}" in text
    assert "Provnyckel" in text
    assert _twelve_words(text) == fingerprint.word_rows(installed.ring.hash)
    assert "demot" not in text


def test_a_sound_keyring_passes_verification_and_is_warned_of_in_time(installed):
    assert "Går att försegla till. Nyckelring 1: 1 mottagare, gäller till" in said(
        "tips_keyring", "verify"
    )
    ring = installed.ring
    for left, words in ((60, "om 60 dagar: gör nästa"), (7, "om 7 dagar: gör nästa")):
        last = localdate() + timedelta(days=left)
        installed.put(keyring.parse_keyring(_until(ring, last)))
        assert words in said("tips_keyring", "verify")
    installed.put(keyring.parse_keyring(_until(ring, localdate() - timedelta(days=1))))
    assert fault("tips_keyring", "verify").endswith("har gått ut.")


def _until(ring, last):
    made_on = last - timedelta(days=150)
    return trust.spell(
        {**trust.read(ring.octets), "made_on": made_on.isoformat(), "not_after": last.isoformat()}
    )


def test_what_others_may_write_does_not_pass(installed, subtests):
    for name in ["", "keyring.json", "keyring-1.json.sig", "root"]:
        with subtests.test(name=name):
            path = installed.path / name
            mode = path.stat().st_mode
            path.chmod(mode | 0o022)
            assert "får skrivas av andra" in fault("tips_keyring", "verify")
            path.chmod(mode)


def test_a_damaged_keyring_is_named(installed, subtests):
    for content, words in [
        ("", "inte skriven som den ska, eller skadad"),
        ("[]", "inte skriven som den ska, eller skadad"),
        ("x" * 2_000_000, "inte skriven som den ska, eller skadad"),
        ("[" * 100_000, "inte skriven som den ska, eller skadad"),
    ]:  # fmt: skip
        with subtests.test(content=content):
            (installed.path / "keyring.json").write_text(content)
            assert words in fault("tips_keyring", "verify")


def test_what_cannot_be_done_is_said(tmp_path, tip_channel, subtests):
    for words in (["add"], ["install", "x"], ["sign"]):
        with subtests.test(words=words):
            assert f"Åtgärden finns inte: {' '.join(words)}." == fault("tips_keyring", *words)
    assert "keyring.json finns inte" in fault("tips_keyring", "install", "--folder", tmp_path)
