"""What deploy/doctor sees of a machine, from what the machine's programs say."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from sapo_site.operating import doctor
from sapo_site.operating.doctor import Symptom
from tests.tables import every_row


@pytest.fixture
def says(monkeypatch):
    """Lets programs say what is given, by the words that they are asked with."""

    def let(answers: dict[str, Symptom]) -> None:
        def hear(*words: str) -> Symptom:
            asked = " ".join(words)
            found = [said for name, said in answers.items() if re.search(name, asked)]
            return found[0] if found else Symptom(False, "okänt")

        monkeypatch.setattr(doctor, "hear", hear)

    return let


def _wrong(seen: Iterator[Symptom]) -> list[str]:
    return [text for is_well, text in seen if not is_well]


_AS_THEY_SHOULD_BE = {
    "sapo-public$": Symptom(True, "sapo"), "sapo-editorial$": Symptom(True, "sapo"),
    "sapo-intake$": Symptom(True, "sapo sapo-tips"), "sapo-desk$": Symptom(True, "sapo sapo-tips"),
    "sapo-records$": Symptom(True, "sapo sapo-records"), "sapo-mirror$": Symptom(True, "sapo"), "sapo-tips-owner$": Symptom(True, "sapo-tips-owner"),
    "www-data$": Symptom(True, "www-data sapo"),
}  # fmt: skip


def test_users_have_their_groups_and_no_more(says):
    says(_AS_THEY_SHOULD_BE)
    assert _wrong(doctor.check_users()) == []
    says({**_AS_THEY_SHOULD_BE, "sapo-public$": Symptom(True, "sapo sapo-tips")})
    assert _wrong(doctor.check_users()) == ["användaren sapo-public: sapo sapo-tips"]
    says({**_AS_THEY_SHOULD_BE, "www-data$": Symptom(True, "www-data")})
    assert len(_wrong(doctor.check_users())) == 1
    says({})
    assert len(_wrong(doctor.check_users())) == 8


def test_a_table_that_is_open_to_the_wrong_one_is_named(says, monkeypatch):
    allowed = doctor.rights_of((doctor.DEPLOY / "rights").read_text())

    def has(user: str, database: str) -> Symptom:
        of_user = allowed.get((database, user.replace("records", "public")))
        if of_user is None:
            return Symptom(False, "permission denied")
        return Symptom(
            True, "\n".join(f"{table}|{kind}" for table, kinds in of_user.items() for kind in kinds)
        )

    monkeypatch.setattr(doctor, "_rights_of", has)
    assert _wrong(doctor.check_rights()) == []

    def opened(user: str, database: str) -> Symptom:
        said = has(user, database)
        return (
            Symptom(True, f"{said.text}\nauth_user|SELECT")
            if user == "sapo-public" and said.is_well
            else said
        )

    monkeypatch.setattr(doctor, "_rights_of", opened)
    assert _wrong(doctor.check_rights()) == ["sapo-public i databasen sapo: avviker för auth_user"]
    monkeypatch.setattr(doctor, "_rights_of", lambda _user, _database: Symptom(True, ""))
    assert "sapo-desk kommer in, och ska inte, i databasen sapo" in _wrong(doctor.check_rights())


def test_a_folder_of_another_owner_or_mode_is_named(monkeypatch, tmp_path):
    (tmp_path / "mine").mkdir(mode=0o750)
    owner = doctor.pwd.getpwuid(os.geteuid()).pw_name
    group = doctor.grp.getgrgid(os.getegid()).gr_name
    lines = [owner, group, "0750", str(tmp_path / "mine")]
    monkeypatch.setattr(doctor, "table_rows", lambda _name: [lines])
    assert _wrong(doctor.check_folders()) == []
    (tmp_path / "mine").chmod(0o755)
    assert _wrong(doctor.check_folders()) == [
        f"{tmp_path}/mine {owner}:{group} 0755, ska vara {owner}:{group} 0750"
    ]
    (tmp_path / "mine").rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").chmod(0o750)
    (tmp_path / "mine").symlink_to(tmp_path / "elsewhere")
    assert len(_wrong(doctor.check_folders())) == 1
    (tmp_path / "mine").unlink()
    assert len(_wrong(doctor.check_folders())) == 1


def test_a_desk_that_asks_for_no_passkey_is_named_each_day(tmp_path):
    settings = tmp_path / "desk.env"
    settings.write_text("SAPO_TIPS_PASSKEYS=required\n")
    assert _wrong(doctor.check_passkeys(settings)) == []
    settings.write_text("SAPO_HOSTS=a\nSAPO_TIPS_PASSKEYS=none\n")
    assert _wrong(doctor.check_passkeys(settings)) == ["tipsmottagningen kräver inte passnycklar"]


def test_a_job_that_failed_or_has_no_time_is_named(says):
    says({"is-active": Symptom(True, ""), "is-failed.*job@search": Symptom(True, "")})
    assert _wrong(doctor.check_jobs()) == ["jobbet search misslyckades senast"]
    says({"is-active.*job@(?!verify)": Symptom(True, "")})
    assert _wrong(doctor.check_jobs()) == ["jobbet verify har ingen tid"]


@every_row(
    ("hours", "wrong"), [(None, []), (0, []), (3, ["det äldsta mejlet har väntat 3 timmar"])]
)
def test_mail_that_does_not_leave_is_seen_in_the_queue(says, hours, wrong):
    line = ""
    if hours is not None:
        since = int((datetime.now(UTC) - timedelta(hours=hours)).timestamp())
        line = f"0a1b|inet4|mta||webb@sapo.test|a@b.se|a@b.se|{since}|{since + 400_000}|0|3|pending|600|"
    says({"smtpctl": Symptom(True, line)})
    assert _wrong(doctor.check_mail()) == wrong


def test_support_that_soon_ends_and_versions_that_nobody_has_looked_up_are_faults():
    here = {"Debian": "13", "Wagtail": "7.4"}
    assert _wrong(doctor.supported(here, date(2026, 11, 27))) == []
    assert _wrong(doctor.supported(here, date(2027, 9, 1))) == [
        "Wagtail 7.4 rättas till 2027-11-01"
    ]
    assert _wrong(doctor.supported({"Debian": "12"}, date(2026, 11, 27))) == [
        "Debian 12 står inte i deploy/support.tsv"
    ]


def test_the_versions_of_the_lock_have_a_last_day_with_its_source():
    listed = {
        (what, number): source for what, number, _day, source in doctor.table_rows("support.tsv")
    }
    for what in ("Django", "Wagtail"):
        lock = (Path(doctor.DEPLOY).parent / "requirements.txt").read_text()
        locked = re.search(rf"^{what.lower()}==(\d+\.\d+)", lock, re.MULTILINE)
        assert (what, locked[1]) in listed
    assert all(source.startswith("https://") for source in listed.values())
    assert version("django")


def test_a_check_that_breaks_is_a_fault_and_the_others_go_on():
    def breaks() -> Iterator[Symptom]:
        raise OSError("trasig")
        yield

    def is_well() -> Iterator[Symptom]:
        yield Symptom(True, "bra")

    seen = list(doctor.examine([breaks, is_well]))
    assert seen == [Symptom(False, "breaks gick inte att pröva: trasig"), Symptom(True, "bra")]


def test_there_is_a_line_for_each_thing_and_one_fault_ends_with_1(monkeypatch, capsys):
    monkeypatch.setattr(doctor.os, "geteuid", lambda: 0)
    monkeypatch.setattr(doctor, "CHECKS", [lambda: iter([Symptom(True, "a"), Symptom(False, "b")])])
    assert doctor.consult([]) == 1
    assert capsys.readouterr().out == "ok   a\nFEL  b\n1 fel.\n"
    monkeypatch.setattr(doctor, "CHECKS", [lambda: iter([Symptom(True, "a")])])
    assert doctor.consult([]) == 0
    assert doctor.consult(["--all"]) == 1


@every_row(
    ("known", "agreed", "wrong"),
    [
        ("X25519MLKEM768", "Negotiated TLS1.3 group: X25519MLKEM768", []),
        ("X25519MLKEM768", "Negotiated TLS1.3 group: X25519", ["nyckelutbyte i TLS: X25519"]),
        ("X25519", "Server Temp Key: X25519, 253 bits", []),
        ("X25519", "", ["nyckelutbyte i TLS: inget; X25519MLKEM768 kräver OpenSSL 3.5"]),
    ],
)
def test_it_tells_how_keys_are_agreed_on(says, monkeypatch, known, agreed, wrong):
    monkeypatch.setattr(doctor, "_names", lambda: ["www.example.se"])
    groups = f"-groups {'X25519:X25519MLKEM768' if 'ML' in known else 'X25519'} "
    says({"-kem-algorithms": Symptom(True, known), groups: Symptom(True, agreed)})
    assert _wrong(doctor.check_key_exchange()) == wrong


def test_a_mirror_that_has_taken_nothing_in_for_a_quarter_of_an_hour_is_named(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(doctor, "MIRRORS", tmp_path)
    assert list(doctor.check_mirrors()) == []
    now = datetime.now(UTC)
    for name, sent in (("m1", now), ("m2", now - timedelta(minutes=16)), ("m3", None)):
        (tmp_path / name).mkdir()
        if sent:
            (tmp_path / name / "last_good").write_text(f"{sent.isoformat(timespec='seconds')} 17\n")
    assert _wrong(doctor.check_mirrors()) == [
        f"spegeln m2 tog senast emot: {now - timedelta(minutes=16):%Y-%m-%d %H:%M} UTC",
        "spegeln m3 tog senast emot: aldrig",
    ]


def test_an_update_that_stopped_half_way_is_a_fault_with_the_line_that_finishes_it(
    tmp_path, monkeypatch
):
    begun = tmp_path / "update.begun"
    monkeypatch.setattr(doctor, "UPDATE_BEGUN", begun)
    assert _wrong(doctor.check_update()) == []
    begun.write_text("/srv/sapo\n")
    assert _wrong(doctor.check_update()) == [
        "en uppdatering har stannat halvvägs: kör /srv/sapo/deploy/update --finish"
    ]


def test_a_file_that_is_not_as_it_was_signed_is_a_fault_and_no_signed_release_is_none(says):
    says({"sapo verify$": Symptom(True, "Alla 9 filer är de i release 41, abc.\nRoten")})
    assert list(doctor.check_release()) == [
        (True, "releasen: Alla 9 filer är de i release 41, abc.")
    ]
    says(
        {
            "sapo verify$": Symptom(
                False, "Ingen signerad release är utlagd i /var/lib/sapo/release/current."
            )
        }
    )
    assert _wrong(doctor.check_release()) == []
    says({"sapo verify$": Symptom(False, "ändrad: manage.py\nändrad: sapo")})
    assert _wrong(doctor.check_release()) == ["releasen: ändrad: manage.py"]
