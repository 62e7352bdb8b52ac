"""Keys and ceremonies that do not come each time: another key of the intake, a lost signer, what is done wrongly."""

import io
import shutil
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from tests.integration.tips.commands import fault, said
from tests.integration.tips.test_key_commands import (
    PASSPHRASE,
    ROOT,
    Machine,
    _keygen,
    _request,
    _twelve_words,
)
from tips.management.commands import tips_keygen
from tips.sealing import age, handler_file, requests, trust_folder
from tips.sealing.signers import Pin


class _Terminal(io.StringIO):
    def isatty(self):
        return True


def test_only_what_is_wrong_is_said_in_red(tmp_path):
    said_there = _Terminal()
    command = tips_keygen.Command(stdout=io.StringIO(), stderr=said_there, force_color=True)
    given = ["--id", "anna-ek", "--name", "Anna Ek", "--root", str(ROOT)]
    call_command(command, *given, "--out", str(tmp_path / "anna.txt"), force_color=True)
    red = [line for line in said_there.getvalue().splitlines() if "\x1b[31" in line]
    assert len(red) == 1
    assert "Den är inte låst" in red[0]


def test_a_new_key_file_opens_also_what_the_one_of_before_opens(tmp_path):
    """Also where that one is of a kind that is sealed to no more."""
    former = age.generate_identity("x25519")
    (tmp_path / "anna-forr.txt").write_text(f"# Annas\n{former}\n")

    _keygen(tmp_path / "anna.txt", "--keep", tmp_path / "anna-forr.txt")

    text = (tmp_path / "anna.txt").read_text()
    assert age.unseal(age.seal(b"x", [former.recipient]), age.parse_identity_file(text)) == b"x"
    entry = requests.read_request(
        (tmp_path / "anna.request").read_bytes(), (tmp_path / "anna.request.sig").read_bytes()
    )
    assert entry.recipient == age.parse_identity_file(text)[0].recipient
    assert handler_file.read_handler_file(text).root == Pin.of(ROOT)


def test_nothing_is_written_over_by_a_new_key(tmp_path, subtests):
    for there in ["anna.txt", "anna.request", "anna.request.sig"]:
        with subtests.test(there=there):
            (tmp_path / there).write_text("förut")

            given = [
                "--id", "anna-ek", "--name", "Anna", "--root", ROOT, "--out", tmp_path / "anna.txt",
            ]  # fmt: skip
            assert f"{tmp_path / there} finns redan och skrivs inte över." == fault(
                "tips_keygen", *given
            )

            assert [path.name for path in tmp_path.iterdir()] == [there]
            (tmp_path / there).unlink()


def _intake_entry(tmp_path, settings, number):
    """A key of the intake's, drawn on the server, and what the ceremony is given of it."""
    settings.TIPS_INTAKE_KEY = tmp_path / f"intake-{number}.key"
    entry, words = io.StringIO(), io.StringIO()
    call_command("tips_intake_key", stdout=entry, stderr=words)
    path = tmp_path / f"intake-{number}.entry"
    path.write_text(entry.getvalue())
    return path, " ".join(_twelve_words(words.getvalue()))


def _installed_by(sara, sven, serial):
    sara.sign("sign", serial)
    sven.takes_stick_of(sara)
    sven.sign("sign", serial)
    sven.do("install")
    shutil.copytree(sven.folder, sara.folder, dirs_exist_ok=True)


def test_the_intakes_key_is_taken_into_the_keyring_and_another_takes_its_place(
    tmp_path, machines, settings
):
    sara, sven, _siv = machines
    settings.TIPS_INTAKE_DIR = tmp_path / "intake"
    _words, anna = _request(tmp_path, "anna")
    sara.do("init", "--add", anna)
    _installed_by(sara, sven, 1)

    entry, words = _intake_entry(tmp_path, settings, 1)
    assert settings.TIPS_INTAKE_KEY.stat().st_mode & 0o777 == 0o400
    made = sara.do("next", "--intake", entry)
    assert "Läggs till: en nyckel som inlämningen skriver under med" in made
    assert f"vars ord är: {words}." in made
    _installed_by(sara, sven, 2)
    assert "Går att försegla till." in said("tips_keyring", "verify")
    first = trust_folder.load(settings.TIPS_TRUST_DIR, Pin.of(settings.TIPS_ROOT.read_text())).ring

    other, _words = _intake_entry(tmp_path, settings, 2)
    assert "nämner andra nycklar än den som inlämningen skriver under med" in fault(
        "tips_keyring", "verify"
    )
    sara.do("next", "--intake", other)
    _installed_by(sara, sven, 3)
    assert "Går att försegla till." in said("tips_keyring", "verify")
    gone = first.intake[0].key.id
    assert f"Tas bort: inlämningens nyckel {gone}." in sara.do("next", "--remove", gone)
    _installed_by(sara, sven, 4)
    last = trust_folder.load(settings.TIPS_TRUST_DIR, Pin.of(settings.TIPS_ROOT.read_text())).ring
    all_keys = [word for each in last.intake for word in ("--remove", each.key.id)]
    assert "Inlämningens nyckel saknas: --intake FIL" in fault(
        "tips_keyring", "next", "--folder", sara.folder, *all_keys
    )


def test_the_intakes_key_stays_when_what_it_says_is_asked_for_again(tmp_path, settings):
    settings.TIPS_INTAKE_KEY = tmp_path / "intake.key"
    said("tips_intake_key")
    before = settings.TIPS_INTAKE_KEY.read_text()
    assert before.strip() not in said("tips_intake_key")
    assert settings.TIPS_INTAKE_KEY.read_text() == before
    settings.TIPS_INTAKE_KEY.unlink()
    settings.TIPS_INTAKE_KEY.write_text("skräp")
    assert "skadad" in fault("tips_intake_key")


def test_a_keyring_that_has_gone_out_of_date_is_not_put_in_place(tmp_path, machines, monkeypatch):
    sara, sven, _siv = machines
    _words, anna = _request(tmp_path, "anna")
    sara.do("init", "--add", anna, "--not-after", localdate())
    sara.sign("sign", 1)
    sven.takes_stick_of(sara)
    sven.sign("sign", 1)
    tomorrow = localdate() + timedelta(days=1)
    monkeypatch.setattr("tips.management.trusted.localdate", lambda: tomorrow)
    with pytest.raises(CommandError, match="har gått ut"):
        sven.do("install")


def test_what_two_people_get_wrong_is_said_and_nothing_is_made_of_it(tmp_path, machines):
    sara, _sven, _siv = machines
    _words, anna = _request(tmp_path, "anna")
    given = ["tips_keyring", "init", "--folder", sara.folder, "--add", anna]
    long_after = localdate() + timedelta(days=201)
    assert "högst 200 dagar bort" in fault(*given, "--not-after", long_after)
    assert "anna finns redan" in fault(*given, "--add", anna)
    assert "Minst en måste stå" in fault(*given[:4])
    signatures = anna.with_name(f"{anna.name}.sig")
    signatures.unlink()
    assert f"{signatures.name} finns inte: ta med båda filerna" in fault(*given)
    assert "ska inte sluta på .signer" in fault(
        "tips_keyring", "signers", "key", "--name", "Sara", "--out", tmp_path / "x.signer"
    )
    assert not (sara.folder / "keyring.json").exists()


def test_a_signer_who_has_lost_their_key_is_replaced_and_a_new_keyring_follows(tmp_path, machines):
    sara, sven, siv = machines
    _words, anna = _request(tmp_path, "anna")
    sara.do("init", "--add", anna)
    sara.sign("sign", 1)
    siv.takes_stick_of(sara)
    siv.sign("sign", 1)
    siv.do("install")
    sara.takes_stick_of(siv)
    stig = Machine(tmp_path / "stig", tmp_path / "stig.age")
    said(
        "tips_keyring",
        "signers",
        "key",
        "--name",
        "Stig",
        "--out",
        stig.key,
        typed=f"{PASSPHRASE}\n" * 2,
    )
    sven_id = _id_of(tmp_path / "sven.signer")
    text = sara.do("signers", "next", "--add", tmp_path / "stig.signer", "--remove", sven_id)
    assert "Lämnar: Sven." in text
    sara.sign("signers sign", 2)
    siv.takes_stick_of(sara)
    assert "Fler ska skriva under." in siv.sign("signers sign", 2)
    stig.takes_stick_of(siv)
    assert "Alla har skrivit under. Roten är 2:" in stig.sign("signers sign", 2)
    stig.do("next")
    with pytest.raises(CommandError, match="hör inte till någon"):
        stig.do("sign", "--key", sven.key, typed=f"2\n{PASSPHRASE}\n")
    stig.sign("sign", 2)
    sara.takes_stick_of(stig)
    text = sara.do("diff")
    assert "Undertecknarna är andra än förut." in text
    assert "Samma personer som förut." in text
    sara.sign("sign", 2)
    assert "Nyckelring 2: 1 mottagare" in sara.do("install")


def _id_of(path):
    return requests.read_signer(path.read_bytes()).key.id


def test_who_types_another_number_has_signed_nothing(tmp_path, machines):
    sara = machines[0]
    _words, anna = _request(tmp_path, "anna")
    sara.do("init", "--add", anna)
    given = ["tips_keyring", "sign", "--folder", sara.folder, "--key", sara.key]
    assert "Det är inte numret." in fault(*given, typed=f"2\n{PASSPHRASE}\n")
    assert "Lösenfrasen till" in fault(*given, typed="1\nfel lösenfras hela vägen\n")
    assert not (sara.folder / "keyring.json.sig").exists()
