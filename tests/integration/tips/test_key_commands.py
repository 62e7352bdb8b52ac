"""Making keys, and keeping the keyring."""

import stat

import pyrage
import pytest

from tips.sealing import age, keyring

from .commands import fault, said

pytestmark = pytest.mark.tips

PASSPHRASE = "fem ord som ingen gissar"


# tips_keygen


def test_a_new_key_opens_what_is_sealed_to_the_line_that_is_shown(tmp_path):
    path = tmp_path / "anna.txt"

    text = said("tips_keygen", "--out", path)

    (recipient,) = [line for line in text.splitlines() if line.startswith("age1pq1")]
    sealed = age.seal(b"hej", [age.parse_recipient(recipient)])
    assert age.unseal(sealed, age.parse_identity_file(path.read_text())) == b"hej"
    assert "Den är inte låst" in text


def test_nobody_else_can_read_a_new_key(tmp_path):
    said("tips_keygen", "--out", tmp_path / "anna.txt")
    assert stat.S_IMODE((tmp_path / "anna.txt").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["anna.txt"]


def test_a_key_is_never_written_over(tmp_path):
    path = tmp_path / "anna.txt"
    said("tips_keygen", "--out", path)
    before = path.read_bytes()

    assert fault("tips_keygen", "--out", path) == f"{path} finns redan och skrivs inte över."

    assert path.read_bytes() == before


def test_an_x25519_key_is_one_that_other_age_programs_take(tmp_path):
    path = tmp_path / "anna.txt"
    text = said("tips_keygen", "--x25519", "--out", path)
    secret = next(line for line in path.read_text().splitlines() if line.startswith("AGE-"))
    assert str(pyrage.x25519.Identity.from_str(secret).to_public()) in text


def test_a_key_that_is_locked_opens_by_its_passphrase_in_other_age_programs(tmp_path):
    path = tmp_path / "anna.age"

    text = said("tips_keygen", "--passphrase", "--out", path, typed=f"{PASSPHRASE}\n" * 2)

    assert "Den är inte låst" not in text
    assert "AGE-SECRET-KEY" not in path.read_text()
    opened = age.unlock(path.read_bytes(), PASSPHRASE)
    assert age.parse_identity_file(opened.decode())
    unarmored = age.dearmor(path.read_text())
    assert pyrage.passphrase.decrypt(unarmored, PASSPHRASE) == opened


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("kort\nkort\n", "Lösenfrasen är för kort"),
        (f"{PASSPHRASE}\n{PASSPHRASE}!\n", "Lösenfraserna är inte lika"),
        ("", "inget skrevs"),
    ],
)
def test_a_passphrase_that_will_not_do_makes_no_key(tmp_path, typed, words):
    assert words in fault("tips_keygen", "--passphrase", "--out", tmp_path / "a", typed=typed)
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_not_made_in_a_folder_that_does_not_exist(tmp_path):
    assert "Mappen" in fault("tips_keygen", "--out", tmp_path / "ingen" / "anna.txt")


# tips_keyring


@pytest.fixture
def path(settings, tmp_path):
    settings.TIPS_KEYRING = tmp_path / "keyring.json"
    return settings.TIPS_KEYRING


def _recipient(kind="hybrid"):
    return age.generate_identity(kind).recipient


def _begin(name="Anna Ek", kind="hybrid"):
    return said("tips_keyring", "init", "--name", name, "--recipient", _recipient(kind))


def test_a_first_keyring_is_made_of_a_recipient_in_a_file(path, tmp_path):
    recipient = _recipient()
    (tmp_path / "anna.pub").write_text(f"# Annas\n{recipient}\n")

    text = said("tips_keyring", "init", "--name", "Anna Ek", "--recipient", tmp_path / "anna.pub")

    assert keyring.load_keyring(path).recipients == [recipient]
    assert "Anna Ek" in text
    assert "Lägg till minst en till" in text


def test_the_keyring_is_shown_when_nothing_else_is_asked(path):
    _begin()
    text = said("tips_keyring")
    assert "Nyckelring 1" in text
    assert "Anna Ek" in text
    assert "postkvant" in text
    assert keyring.load_keyring(path).fingerprint in text
    assert "demot" not in text


def test_another_handler_is_added_and_told_how_to_reach_what_is_there(path):
    _begin()
    recipient = _recipient()

    text = said("tips_keyring", "add", "--name", "Bo Alm", "--recipient", recipient)

    ring = keyring.load_keyring(path)
    assert (ring.serial, ring.recipients[1]) == (2, recipient)
    assert "Tips som kommer från och med nu kan Bo Alm öppna" in text
    assert "tips_rewrap --take-in" in text


def test_a_handler_is_removed_by_name_or_by_key(path):
    _begin()
    others = [_recipient(), _recipient()]
    for name, recipient in zip(("Bo Alm", "Cia Berg"), others, strict=True):
        said("tips_keyring", "add", "--name", name, "--recipient", recipient)

    text = said("tips_keyring", "remove", "Bo Alm")
    said("tips_keyring", "remove", others[1])

    assert [entry.name for entry in keyring.load_keyring(path).entries] == ["Anna Ek"]
    assert "Nya tips förseglas inte längre till Bo Alm" in text
    assert "tips_rewrap" in text


def test_the_last_handler_is_not_removed(path):
    _begin()
    assert "har inga nycklar" in fault("tips_keyring", "remove", "Anna Ek")
    assert len(keyring.load_keyring(path).entries) == 1


def test_keys_of_two_kinds_are_not_mixed(path):
    _begin()
    text = fault("tips_keyring", "add", "--name", "Bo", "--recipient", _recipient("x25519"))
    assert "De får inte blandas" in text
    assert len(keyring.load_keyring(path).entries) == 1


def test_a_secret_key_is_not_taken_for_a_recipient(path, tmp_path):
    said("tips_keygen", "--out", tmp_path / "anna.txt")
    text = fault("tips_keyring", "init", "--name", "Anna", "--recipient", tmp_path / "anna.txt")
    assert "är en hemlig nyckel och ska stanna hos den som har den" in text
    assert not path.exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["show"], "finns inte"),
        (["verify"], "finns inte"),
        (["remove"], "remove behöver ett namn"),
        (["init", "--name", "Anna"], "init behöver både --name och --recipient"),
        (["add", "--recipient", "age1x"], "add behöver både --name och --recipient"),
        (["show", "--name", "Anna"], "hör inte till show"),
        (["verify", "Anna"], "Ett namn efter verify"),
        (["init", "--name", "Anna", "--recipient", "age1pq1fel"], "ingen mottagarnyckel"),
        (["init", "--name", "Anna", "--recipient", "finns.inte"], "finns.inte finns inte"),
        (["init", "--name", "Anna", "--recipient", "/"], "är en mapp"),
        (["init", "--name", "Anna", "--recipient", "/dev/zero"], "för stor"),
    ],
)
def test_what_cannot_be_done_with_the_keyring_is_said(path, words, expected):
    assert expected in fault("tips_keyring", *words)
    assert not path.exists()


def test_a_keyring_is_not_made_over_another(path):
    _begin()
    before = path.read_bytes()
    text = fault("tips_keyring", "init", "--name", "Bo", "--recipient", _recipient())
    assert text.endswith("finns redan.")
    assert path.read_bytes() == before


def test_a_sound_keyring_passes_verification(path):
    _begin()
    assert "går att försegla till: 1 mottagare" in said("tips_keyring", "verify")


def test_a_keyring_that_anybody_may_write_does_not(path):
    _begin()
    path.chmod(0o666)
    assert "får skrivas av andra" in fault("tips_keyring", "verify")


@pytest.mark.parametrize("content", ["", "{}", "[]", "x" * 2_000_000, "[" * 100_000])
def test_a_damaged_keyring_is_named(path, content):
    path.write_text(content)
    assert "är ingen nyckelring, eller är skadad" in fault("tips_keyring", "verify")
