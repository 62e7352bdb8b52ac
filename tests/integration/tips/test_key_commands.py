"""Making keys, and the ceremony in which keyrings and signers are made and signed."""

import re
import shutil
import stat
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pyrage
import pytest
from django.utils.timezone import localdate

from tests.rings import SIGNER_KEYS, entries_for, intake_key_in, trust_in
from tips.management import signing
from tips.sealing import age, fingerprint, handler_file, keyring, requests, trust, trust_folder
from tips.sealing.signers import Pin
from tips.sealing.trust import SigningKey

from .commands import fault, said

PASSPHRASE = "fem ord som ingen gissar"
ROOT = f"1:{'ab' * 32}"


@pytest.fixture(autouse=True)
def _locks_are_quick(monkeypatch):
    # As strong as a real one, locking a key takes most of a second.
    monkeypatch.setattr(age, "lock", partial(age.lock, work_factor=1))


# tips_keygen


def _keygen(path, *words, **named):
    given = ["--id", "anna-ek", "--name", "Anna Ek", "--root", ROOT, "--out", path]
    return said("tips_keygen", *given, *words, **named)


def test_a_new_key_opens_what_is_sealed_to_the_entry_that_it_asks_to_be(tmp_path):
    text = _keygen(tmp_path / "anna.txt")

    octets = (tmp_path / "anna.request").read_bytes()
    entry = requests.read_request(octets, (tmp_path / "anna.request.sig").read_bytes())
    file = (tmp_path / "anna.txt").read_text()
    sealed = age.seal(b"hej", [entry.recipient])
    assert age.unseal(sealed, age.parse_identity_file(file)) == b"hej"
    found = handler_file.read_handler_file(file)
    assert (found.handler, found.root) == ("anna-ek", Pin.of(ROOT))
    assert SigningKey(found.secret, "handler").public == entry.key
    assert (entry.id, entry.name, entry.since) == ("anna-ek", "Anna Ek", localdate())
    assert "Den är inte låst" in text
    assert f"Ta {tmp_path / 'anna.request'} (och .sig) till ceremonin" in text
    for row in fingerprint.word_rows(trust.sha256_of(octets)):
        assert row in text
    assert pyrage.x25519  # and other age programs pass over the comments:
    assert all(line.startswith("#") for line in file.splitlines()[:-1])


def test_a_vault_opens_and_signs_nothing(tmp_path):
    text = _keygen(tmp_path / "reserv.txt", "--vault")
    entry = requests.read_request((tmp_path / "reserv.request").read_bytes(), b"")
    assert (entry.kind, entry.key) == ("vault", None)
    assert handler_file.read_handler_file((tmp_path / "reserv.txt").read_text()).secret is None
    assert not (tmp_path / "reserv.request.sig").exists()
    assert f"Ta {tmp_path / 'reserv.request'} till ceremonin" in text


def test_what_asks_is_refused_when_another_key_has_signed_it(tmp_path):
    _keygen(tmp_path / "anna.txt")
    octets = (tmp_path / "anna.request").read_bytes()
    with pytest.raises(trust.TrustError):
        requests.read_request(octets, requests.sign_request(octets, SIGNER_KEYS[0]))
    with pytest.raises(trust.TrustError):
        requests.read_request(octets, b"")


def test_nobody_else_can_read_a_new_key(tmp_path):
    _keygen(tmp_path / "anna.txt")
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_is_locked_opens_by_its_passphrase_in_other_age_programs(tmp_path):
    path = tmp_path / "anna.age"
    text = _keygen(path, "--passphrase", typed=f"{PASSPHRASE}\n" * 2)
    assert "Den är inte låst" not in text
    assert "AGE-SECRET-KEY" not in path.read_text()
    opened = age.unlock(path.read_bytes(), PASSPHRASE)
    assert age.parse_identity_file(opened.decode())
    unarmored = age.dearmor(path.read_text())
    assert pyrage.passphrase.decrypt(unarmored, PASSPHRASE) == opened


def test_a_passphrase_that_will_not_do_makes_no_key(tmp_path, subtests):
    for typed, words in [
        ("kort\nkort\n", "Lösenfrasen är för kort"),
        (f"{PASSPHRASE}\n{PASSPHRASE}!\n", "Lösenfraserna är inte lika"), ("", "inget skrevs"),
    ]:  # fmt: skip
        with subtests.test(typed=typed):
            given = ["--id", "anna-ek", "--name", "Anna", "--root", ROOT, "--out", tmp_path / "a"]
            assert words in fault("tips_keygen", *given, "--passphrase", typed=typed)
            assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_a_key_is_not_made(tmp_path, settings, subtests):
    for changes, words in [
        ({"--out": "ingen/anna.txt"}, "Mappen"), ({"--id": "Anna"}, "--id skrivs med"),
        ({"--name": " "}, "Namnet får inte vara tomt"),
        ({"--root": "1:ab"}, "en rot skrivs som 1:"),
        ({"--root": ""}, "ange roten från papperet"),
    ]:  # fmt: skip
        with subtests.test(changes=changes):
            settings.TIPS_ROOT = tmp_path / "root"
            given = {
                "--id": "anna-ek",
                "--name": "Anna",
                "--root": ROOT,
                "--out": "anna.txt",
                **changes,
            }
            given["--out"] = tmp_path / given["--out"]
            assert words in fault("tips_keygen", *(word for pair in given.items() for word in pair))
            assert list(tmp_path.iterdir()) == []


# The ceremony


@dataclass
class Machine:
    """One without a network: what its signer has there, and what the stick brings."""

    folder: Path
    key: Path

    def do(self, *words, typed=""):
        if words[0] == "init":
            words += ("--intake", self.folder.parent / "intake.entry")
        return said("tips_keyring", *words, "--folder", self.folder, typed=typed)

    def sign(self, what, number):
        typed = f"{number}\n{PASSPHRASE}\n"
        return self.do(*what.split(), "--key", self.key, typed=typed)

    def takes_stick_of(self, other):
        shutil.copytree(other.folder, self.folder, dirs_exist_ok=True)


@pytest.fixture
def no_network(tmp_path, monkeypatch):
    interfaces = tmp_path / "net"
    for name, flags in (("lo", "0x9"), ("eth0", "0x1002")):
        (interfaces / name).mkdir(parents=True)
        (interfaces / name / "flags").write_text(f"{flags}\n")
    monkeypatch.setattr(signing, "_INTERFACES", interfaces)
    return interfaces


@pytest.fixture
def machines(tmp_path, settings, no_network):
    """Three signers, each with a key of their own, who have made each other signers."""
    made = []
    for name in ("sara", "sven", "siv"):
        folder = tmp_path / name
        folder.mkdir()
        key = tmp_path / f"{name}.age"
        said("tips_keyring", "signers", "key", "--name", name.title(), "--out", key,
             typed=f"{PASSPHRASE}\n" * 2)  # fmt: skip
        made.append(Machine(folder, key))
    public = [
        word for name in ("sara", "sven", "siv") for word in ("--add", tmp_path / f"{name}.signer")
    ]
    made[0].do("signers", "init", *public)
    for number, machine in enumerate(made):
        if number:
            machine.takes_stick_of(made[number - 1])
        text = machine.sign("signers sign", 1)
    root = re.search(r"Roten är (1:[0-9a-f]{64})", text)[1]
    for machine in made[:2]:
        machine.takes_stick_of(made[2])
    settings.TIPS_TRUST_DIR, settings.TIPS_INTAKE_DIR = tmp_path / "trust", tmp_path / "intake"
    settings.TIPS_ROOT = tmp_path / "root"
    settings.TIPS_ROOT.write_text(f"{root}\n")
    settings.TIPS_INTAKE_KEY = tmp_path / "intake.key"
    intake = intake_key_in(settings.TIPS_INTAKE_KEY)
    (tmp_path / "intake.entry").write_bytes(requests.spell_intake(intake))
    return made


def _request(tmp_path, name):
    given = ["--id", name, "--name", name.title(), "--out", tmp_path / f"{name}.txt"]
    return said("tips_keygen", *given), tmp_path / f"{name}.request"


def _twelve_words(text):
    return re.findall(r"^    (\w+ \w+ \w+ \w+)$", text, re.MULTILINE)


def test_two_people_follow_the_ceremony_with_nothing_but_files(tmp_path, machines, settings):
    sara, sven, _siv = machines
    annas_words, anna = _request(tmp_path, "anna")
    _bos_words, bo = _request(tmp_path, "bo")

    # The first keyring.
    made = sara.do("init", "--add", anna, "--add", bo)
    assert f"Läggs till: Anna (anna), vars ord är: {' '.join(_twelve_words(annas_words))}." in made
    sara.sign("sign", 1)
    sven.takes_stick_of(sara)
    shown = sven.do("diff")
    assert _twelve_words(shown) == _twelve_words(made)
    assert "Den kan läggas på plats." in sven.sign("sign", 1)
    assert "Nyckelring 1: 2 mottagare" in sven.do("install")
    assert "Går att försegla till." in said("tips_keyring", "verify")

    # The next: Cilla comes, Bo leaves. Sven compares it with his own last one.
    own = tmp_path / "svens-egen.json"
    shutil.copy(sven.folder / "keyring.json", own)
    shutil.copy(sven.folder / "keyring.json.sig", sara.folder / "keyring.json.sig")
    _cillas_words, cilla = _request(tmp_path, "cilla")
    sara.do(
        "next", "--add", cilla, "--remove", "bo", "--not-after", localdate() + timedelta(days=90)
    )
    sara.sign("sign", 2)
    sven.takes_stick_of(sara)
    shown = sven.do("diff", "--from", own)
    assert "Läggs till: Cilla (cilla)" in shown
    assert "Tas bort: Bo (bo)." in shown
    assert "Tips förseglas till 2: Anna, Cilla." in shown
    sven.sign("sign", 2)
    sven.do("install")

    installed = said("tips_keyring")
    assert _twelve_words(installed) == _twelve_words(shown)
    ring = trust_folder.load(settings.TIPS_TRUST_DIR, Pin.of(settings.TIPS_ROOT.read_text())).ring
    assert [entry.name for entry in ring.entries] == ["Anna", "Cilla"]
    assert ring.former[0].until == 1
    assert sorted(path.name for path in settings.TIPS_TRUST_DIR.iterdir()) == [
        "keyring-1.json", "keyring-1.json.sig", "keyring-2.json", "keyring-2.json.sig",
        "keyring.json", "keyring.json.sig", "signers-1.json", "signers-1.json.sig",
    ]  # fmt: skip
    # Anybody verifies it with the line on the paper alone.
    root = settings.TIPS_ROOT.read_text().strip()
    settings.TIPS_ROOT.unlink()
    assert "Går att försegla till." in said(
        "tips_keyring", "verify", sven.folder / "keyring.json", "--root", root
    )
    assert "rot" in fault("tips_keyring", "verify", sven.folder / "keyring.json")


def test_nobody_signs_where_there_is_a_network(tmp_path, machines, no_network):
    sara = machines[0]
    _words, anna = _request(tmp_path, "anna")
    sara.do("init", "--add", anna)
    (no_network / "eth0" / "flags").write_text("0x1003\n")

    given = ["tips_keyring", "sign", "--folder", sara.folder, "--key", sara.key]
    assert "Datorn har nät (eth0)." in fault(*given, typed=f"1\n{PASSPHRASE}\n")
    shutil.rmtree(no_network)
    assert "inte att se om datorn har nät" in fault(*given, typed=f"1\n{PASSPHRASE}\n")

    assert not (sara.folder / "keyring.json.sig").exists()
    assert "Underskriven av Sara." in said(*given, "--i-know", typed=f"1\n{PASSPHRASE}\n")


def test_what_one_alone_has_signed_is_not_installed(tmp_path, machines, settings):
    sara = machines[0]
    _words, anna = _request(tmp_path, "anna")
    sara.do("init", "--add", anna)
    assert "En till ska skriva under." in sara.sign("sign", 1)
    text = fault("tips_keyring", "install", "--folder", sara.folder)
    assert "är inte underskriven av två av de tre" in text
    assert not settings.TIPS_TRUST_DIR.exists()


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


def test_what_cannot_be_done_is_said(installed, tmp_path, subtests):
    (tmp_path / "tom").mkdir()
    for words, expected in [
        (["add"], "Åtgärden finns inte: add."), (["signers"], "Åtgärden finns inte: signers."),
        (["signers", "key"], "Något saknas: --name."),
        (["signers", "init"], "Undertecknarna ska vara tre olika personer"),
        (["signers", "sign", "--i-know"], "signers-1.json finns inte"),
        (["init"], "signers-1.json finns inte"), (["next"], "keyring.json finns inte"),
        (["diff"], "keyring.json finns inte"), (["sign"], "keyring.json finns inte"),
        (["install"], "keyring.json finns inte"),
        (["next", "--not-after", "imorgon"], "--not-after"),
    ]:  # fmt: skip
        with subtests.test(words=words):
            assert expected in fault("tips_keyring", *words, "--folder", tmp_path / "tom")
            assert list((tmp_path / "tom").iterdir()) == []
