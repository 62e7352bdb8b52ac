"""Keys and ceremonies that do not come each time: another key of the intake, a lost signer, what is done wrongly."""

import io
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from tests.integration.tips.commands import fault, said, signera_fault
from tests.integration.tips.test_key_commands import PASSPHRASE, ROOT, TWICE, _key, _twelve_words
from tips.sealing import age, fingerprint, handler_file, keyring, requests, trust, trust_folder
from tips.sealing.signers import Pin


def test_a_new_key_file_opens_also_what_the_one_of_before_opens(tmp_path):
    """It is looked for in the folder."""
    former = age.generate_identity()
    (tmp_path / "anna-forr.txt").write_text(f"# Annas\n{former}\n")

    _key(tmp_path, "--behall", "anna-forr.txt")

    text = age.unlock((tmp_path / "anna-ek.age").read_text(), PASSPHRASE).decode()
    assert age.unseal(age.seal(b"x", [former.recipient]), age.parse_identity_file(text)) == b"x"
    entry = requests.read_request(
        (tmp_path / "anna-ek.request").read_bytes(), (tmp_path / "anna-ek.request.sig").read_bytes()
    )
    assert entry.recipient == age.parse_identity_file(text)[0].recipient
    assert handler_file.read_handler_file(text).root == Pin.of(ROOT)


def test_nothing_is_written_over_by_a_new_key(tmp_path, subtests):
    for there in ["anna-ek.age", "anna-ek.request", "anna-ek.request.sig"]:
        with subtests.test(there=there):
            (tmp_path / there).write_text("förut")
            given = ["--id", "anna-ek", "--namn", "Anna", "--rot", ROOT, "--mapp", tmp_path]
            given += ["--ut", tmp_path / "anna-ek.age"]
            said_of_it = signera_fault("handlaggare", *given, typed=TWICE)
            assert said_of_it == f"{tmp_path / there} finns redan och skrivs inte över."
            assert [path.name for path in tmp_path.iterdir()] == [there]
            (tmp_path / there).unlink()


def _intake_entry(stick, settings, number):
    """A key of the intake's, drawn on the server, and what the ceremony is given of it."""
    settings.TIPS_INTAKE_KEY = stick.own / f"intake-{number}.key"
    entry, words = io.StringIO(), io.StringIO()
    call_command("tips_intake_key", stdout=entry, stderr=words)
    (stick.folder / f"intake-{number}.entry").write_text(entry.getvalue())
    return f"intake-{number}", " ".join(_twelve_words(words.getvalue()))


def _next(stick, number, *words):
    made = stick.do("nasta", *words, by="sara", typed=f"{number}\n")
    stick.do("skriv-under", by="sven", typed=f"{number}\n")
    said("tips_keyring", "install", "--folder", stick.folder)
    return made


def _in_force(settings):
    return trust_folder.load(settings.TIPS_TRUST_DIR, Pin.of(settings.TIPS_ROOT.read_text())).ring


def test_the_intakes_key_is_taken_into_the_keyring_and_another_takes_its_place(
    two_handlers, settings
):
    stick = two_handlers
    said("tips_keyring", "install", "--folder", stick.folder)
    entry, words = _intake_entry(stick, settings, 1)
    assert settings.TIPS_INTAKE_KEY.stat().st_mode & 0o777 == 0o400
    made = _next(stick, 2, "--inlamning", entry)
    assert "Läggs till: en nyckel som inlämningen skriver under med" in made
    assert f"vars ord är: {words}." in made
    assert "Går att försegla till." in said("tips_keyring", "verify")
    first = _in_force(settings)

    other, _words = _intake_entry(stick, settings, 2)
    assert "nämner andra nycklar än den som inlämningen skriver under med" in fault(
        "tips_keyring", "verify"
    )
    _next(stick, 3, "--inlamning", other)
    assert "Går att försegla till." in said("tips_keyring", "verify")
    gone = first.intake[0].key.id
    assert f"Tas bort: inlämningens nyckel {gone}." in _next(stick, 4, "--ta-bort", gone)
    all_keys = [word for each in _in_force(settings).intake for word in ("--ta-bort", each.key.id)]
    assert "Inlämningens nyckel saknas." in stick.refuses("nasta", *all_keys)


def test_the_intakes_key_stays_when_what_it_says_is_asked_for_again(tmp_path, settings):
    settings.TIPS_INTAKE_KEY = tmp_path / "intake.key"
    said("tips_intake_key")
    before = settings.TIPS_INTAKE_KEY.read_text()
    assert before.strip() not in said("tips_intake_key")
    assert settings.TIPS_INTAKE_KEY.read_text() == before
    settings.TIPS_INTAKE_KEY.unlink()
    settings.TIPS_INTAKE_KEY.write_text("skräp")
    assert "skadad" in fault("tips_intake_key")


def test_a_keyring_that_has_gone_out_of_date_is_not_put_in_place(two_handlers, monkeypatch):
    stick = two_handlers
    stick.do("nasta", "--sista-dag", localdate(), by="sara", typed="2\n")
    stick.do("skriv-under", by="sven", typed="2\n")
    tomorrow = localdate() + timedelta(days=1)
    monkeypatch.setattr("tips.management.trusted.localdate", lambda: tomorrow)
    with pytest.raises(CommandError, match="har gått ut"):
        said("tips_keyring", "install", "--folder", stick.folder)


def test_what_two_people_get_wrong_is_said_and_nothing_is_made_of_it(two_handlers, subtests):
    stick = two_handlers
    stick.handler("cilla")
    (stick.folder / "cilla.request.sig").rename(stick.folder / "kvar")
    before = _octets_in(stick.folder)
    long_after = localdate() + timedelta(days=201)
    for words, expected in [
        (["borja"], "I mappen ligger redan en nyckelring"),
        (["nasta", "--sista-dag", long_after], "högst 200 dagar bort"),
        (["nasta", "--sista-dag", "imorgon"], "Det som står efter --sista-dag stämmer inte."),
        (["nasta", "--lagg-till", "anna"], "anna finns redan"),
        (["nasta", "--lagg-till", "dan"], "dan finns varken här eller i"),
        (["nasta", "--lagg-till", "cilla"], "cilla.request.sig finns inte: ta med båda filerna"),
        (["nasta", "--lagg-till", "sven.signer"], "inte skriven som den ska, eller skadad"),
        (["nasta", "--ta-bort", "dan"], "Ingen i nyckelringen har id dan."),
        (["nasta", "--ta-bort", "anna", "--ta-bort", "bo"], "Minst en måste stå"),
        (["nasta", "--rot", ROOT], "Roten är en annan än den som undertecknarna i mappen har."),
        (["andra-undertecknare", "--lagg-till", "sven", "--ta-bort", "dan"], "heter dan"),
        (["andra-undertecknare", "--lagg-till", "sven", "--ta-bort", "siv"], "tre olika personer"),
        (["skriv-under", "--nyckel", "sara.signer"], "är ingen undertecknares nyckelfil"),
        (["byt"], "KOMMANDO kan inte vara 'byt'."),
    ]:  # fmt: skip
        with subtests.test(words=words):
            assert expected in stick.refuses(*words)
            assert _octets_in(stick.folder) == before


def _octets_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_who_types_another_number_has_signed_nothing(two_handlers):
    stick = two_handlers
    before = _octets_in(stick.folder)
    assert "Det är inte numret." in stick.refuses("nasta", by="sara", typed="1\n")
    assert _octets_in(stick.folder) == before
    stick.do("nasta")
    assert "Det är inte numret." in stick.refuses("skriv-under", by="sara", typed="1\n")
    given = ["skriv-under", "--mapp", stick.folder, "--nyckel", stick.own / "sara.age"]
    assert "Lösenfrasen till" in signera_fault(*given, typed="fel lösenfras hela vägen\n2\n")
    assert not (stick.folder / "keyring.json.sig").exists()


def test_a_keyring_is_made_again_until_somebody_has_signed_it(two_handlers):
    stick = two_handlers
    stick.do("nasta", "--ta-bort", "bo", typed="ja\n")
    made = stick.do("nasta", by="sara", typed="2\n")
    assert "Samma personer som förut." in made
    assert "Nyckelring 2 har någon redan skrivit under." in stick.refuses("nasta")
    assert "Inget i mappen väntar på din underskrift." in stick.refuses("skriv-under", by="sara")


def test_after_one_leaves_a_single_reader_is_asked_of(two_handlers):
    stick = two_handlers
    before = _octets_in(stick.folder)
    said_of_it = stick.refuses("nasta", "--ta-bort", "bo", typed="nej\n")
    assert "Bara Anna kan då öppna tips" in said_of_it
    assert "Inget har gjorts." in said_of_it
    assert _octets_in(stick.folder) == before
    assert "Tas bort: Bo (bo)." in stick.do("nasta", "--ta-bort", "bo", typed="ja\n")


def test_nobody_signs_two_keyrings_of_one_number_unknowing(two_handlers):
    stick = two_handlers
    stick.do("nasta", by="sara", typed="2\n")
    (stick.folder / "keyring.json.sig").unlink()
    stick.do("nasta", "--ta-bort", "bo", typed="ja\n")
    said_of_it = stick.refuses("skriv-under", by="sara", typed="2\n")
    assert "Du har redan skrivit under nyckelring 2, och den var en annan." in said_of_it


def test_who_did_not_sign_the_last_sees_what_has_come_since(two_handlers):
    stick = two_handlers
    stick.handler("cilla")
    stick.do("nasta", "--lagg-till", "cilla", by="sara", typed="2\n")
    stick.do("skriv-under", by="siv", typed="2\n")
    stick.do("nasta", by="siv", typed="3\n")
    text = stick.do("skriv-under", by="sven", typed="3\n")
    since = text.partition("Sedan nyckelring 1, som du skrev under senast:")[2]
    assert "Läggs till: Cilla (cilla)" in since
    # Another history under the same root is none that follows.
    (stick.own / "siv.nyckelring").write_bytes((stick.folder / "keyring-1.json").read_bytes())
    stick.do("nasta")
    ring = keyring.parse_keyring((stick.folder / "keyring-1.json").read_bytes())
    other = trust.spell({**trust.read(ring.octets), "not_after": str(ring.made_on)})
    (stick.own / "siv.nyckelring").write_bytes(other)
    assert "Det följer inte på nyckelring 1" in stick.refuses("skriv-under", by="siv", typed="4\n")


def test_what_is_cut_off_between_two_files_goes_on_from_the_keyring_before(two_handlers):
    stick = two_handlers
    stick.do("nasta")
    shutil.copy(stick.folder / "keyring-1.json", stick.folder / "keyring.json")
    assert "Nyckelring 1: underskriven av Sara, Sven." in " ".join(
        sorted(stick.do("prova").splitlines())
    ).replace("Sven, Sara", "Sara, Sven")
    assert "Nyckelring 2, gjord" in stick.do("nasta")


def test_a_signer_who_has_lost_their_key_is_replaced_and_a_new_keyring_follows(two_handlers):
    stick = two_handlers
    said("tips_keyring", "install", "--folder", stick.folder)
    stick.key_of("undertecknare", "stig")
    given = ["--lagg-till", "stig", "--ta-bort", "Sven"]
    text = stick.do("andra-undertecknare", *given, by="sara", typed="2\n2\n")
    for words in ("Stig, nyckel", "Lämnar: Sven.", "Undertecknarna är andra än förut.",
                  "Samma personer som förut.", "Kvar: ", " och 1 av de tre före."):  # fmt: skip
        assert words in text
    assert "Kvar: Stig." in stick.do("skriv-under", by="siv", typed="2\n2\n")
    assert "är inte underskriven av dem som gäller här" in fault(
        "tips_keyring", "install", "--folder", stick.folder
    )
    text = stick.do("skriv-under", by="stig", typed="2\n2\n")
    assert "Undertecknare 2: alla har skrivit under." in text
    assert "hör inte till någon" in stick.refuses("nasta", by="sven", typed="3\n")
    assert "Nyckelring 2: 2 mottagare" in said("tips_keyring", "install", "--folder", stick.folder)


def _asks(stick, entry, key, name):
    octets = requests.spell_request(entry)
    (stick.folder / f"{name}.request").write_bytes(octets)
    (stick.folder / f"{name}.request.sig").write_bytes(requests.sign_request(octets, key))


def test_who_comes_again_and_by_which_passkeys_is_said(two_handlers):
    stick = two_handlers
    anna = stick.own / "anna-ny.age"
    given = ["--id", "anna-2", "--namn", "Anna", "--ut", anna]
    stick.do("handlaggare", *given, typed=TWICE)
    refused = stick.refuses("nasta", "--lagg-till", "anna-ny", "--ta-bort", "anna")
    assert "Anna (anna-2) går inte att skilja från Anna (anna)." in refused
    for path in stick.folder.glob("anna-ny*"):
        path.unlink()
    anna.unlink()
    stick.do("handlaggare", *given, "--foljer", "anna", typed=TWICE)
    refused = stick.refuses("nasta", "--lagg-till", "anna-ny")
    assert "anna-2 följer anna, som inte har lämnat." in refused
    text = stick.do("nasta", "--lagg-till", "anna-ny", "--ta-bort", "anna", by="sara", typed="2\n")
    said_of_it = (
        "Läggs till: Anna (anna-2), kommer igen efter Anna (anna), vars nyckel är borta, vars"
    )
    assert said_of_it in text
    stick.do("skriv-under", by="sven", typed="2\n")

    file = handler_file.read_handler_file(age.unlock(anna.read_text(), PASSPHRASE).decode())
    request = (stick.folder / "anna-ny.request").read_bytes()
    entry = requests.read_request(request, (stick.folder / "anna-ny.request.sig").read_bytes())
    keys = [keyring.Passkey(bytes([n]) * 32, bytes([n]) * 77) for n in (1, 2)]
    for serial, passkeys, words in (
        (3, keys[:1], "Anna (anna-2) får en passkey, och orden är:"),
        (4, keys[1:], "Anna (anna-2) får en passkey och blir av med en passkey, och orden"),
    ):
        asked = replace(entry, passkeys=tuple(passkeys))
        _asks(stick, asked, trust.SigningKey(file.secret, "handler"), "anna-lås")
        text = stick.do("nasta", "--lagg-till", "anna-lås", by="sara", typed=f"{serial}\n")
        assert words in text
        assert " ".join(fingerprint.words(trust.sha256_of(requests.spell_request(asked)))) in text
        stick.do("skriv-under", by="sven", typed=f"{serial}\n")


def test_after_a_new_root_the_numbers_go_on(two_handlers, tmp_path):
    stick = two_handlers
    for path in stick.folder.glob("*.json*"):
        path.unlink()
    text = stick.do("borja", "--lopnummer", "8", by="sara", typed="1\n8\n")
    assert "Den följer inte på någon. Du har skrivit under nyckelring 1." in text
    stick.do("skriv-under", by="sven", typed="1\n8\n")
    stick.do("skriv-under", by="siv", typed="1\n8\n")
    assert "Nyckelring 8: 2 mottagare" in stick.do("prova")
