"""The accounts of the demo."""

import json

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.password_validation import validate_password
from django.db import OperationalError, connections

from sapo_site.demo.demo_accounts import accounts_file, set_up_accounts
from sapo_site.demo.left_by_demo import refuse_demo_accounts

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


@pytest.fixture
def passwords(roles, settings, tmp_path):
    settings.VAR_DIR = tmp_path

    def read() -> dict[str, str]:
        rows = json.loads(accounts_file().read_text())
        return {row["username"]: row["password"] for row in rows}

    return read


def test_passwords_are_drawn_once_and_open_the_accounts(passwords):
    set_up_accounts()
    first = passwords()
    set_up_accounts()
    assert passwords() == first
    assert set(first) == {"admin", "chefredaktor", "redaktor", "registrator"}
    _check_that_they_open(first)


def test_a_lost_file_is_written_anew_with_passwords_that_work(passwords):
    set_up_accounts()
    accounts_file().unlink()
    set_up_accounts()
    _check_that_they_open(passwords())


def _check_that_they_open(passwords):
    for username, password in passwords.items():
        assert authenticate(username=username, password=password)


def test_nobody_else_can_read_the_file(passwords):
    set_up_accounts()
    assert accounts_file().stat().st_mode & 0o077 == 0


@pytest.fixture
def still_connected(monkeypatch):
    for each in connections.all():
        monkeypatch.setattr(each, "close", lambda: None)


@pytest.mark.usefixtures("still_connected")
def test_no_service_starts_in_production_while_a_demo_account_can_log_in(passwords):
    alva = get_user_model().objects.create_user("admin", first_name="Alva", last_name="Ek")
    refuse_demo_accounts()
    alva.username = "alva"
    alva.save()

    set_up_accounts()
    with pytest.raises(SystemExit) as refusal:
        refuse_demo_accounts()
    assert str(refusal.value).startswith(
        "Demots konton kan logga in på den här databasen: "
        "admin, chefredaktor, redaktor, registrator. Tjänsten startar inte"
    )

    get_user_model().objects.update(is_active=False)
    refuse_demo_accounts()


@pytest.mark.usefixtures("db", "still_connected")
def test_a_service_starts_without_its_database(monkeypatch):
    def is_gone(*_: object) -> None:
        raise OperationalError

    with monkeypatch.context() as outage:
        for each in connections.all():
            outage.setattr(each, "cursor", is_gone)
        refuse_demo_accounts()


# Passwords


_NAMED = {"username": "annaek", "first_name": "Anna", "last_name": "Ek", "email": "ae@sapo.example"}


def _faults(client, password: str, **fields: str) -> str:
    form = {**_NAMED, **fields, "password1": password, "password2": password}
    response = client.post("/admin/users/new/", form)
    return "" if response.status_code == 302 else response.content.decode()


def test_a_password_that_is_easy_to_guess_is_refused_in_words(client, admin, subtests):
    client.force_login(admin)
    for password in [
        "123456789012345", "aaaaaaaaaaaaaaaa", "passwordpassword", "qwertyuiopasdfghjkl",
        "tipsmottagaretipsmottagare", "Sakerhetspolisen2026", "sommarensommaren2026",
        "annaekannaek1985", "hemligt" * 40,
    ]:  # fmt: skip
        with subtests.test(password=password):
            assert "Det här lösenordet är lätt att gissa" in _faults(client, password)
            assert not get_user_model().objects.filter(username="annaek").exists()


def test_a_password_has_fifteen_characters_and_may_be_as_long_as_anyone_likes(client, admin):
    client.force_login(admin)
    assert "minst 15 tecken" in _faults(client, "grod-bro-ull-k")
    long = " ".join(f"grod{number} bro{number * 7} ull{number * 13}" for number in range(12))
    for number, strong in enumerate(("grod-bro-ull-kö", "grodan hoppar över ån", long)):
        assert _faults(client, strong, username=f"anna{number}") == ""


def test_the_passwords_of_the_demo_are_such_that_anyone_may_choose_them(passwords):
    set_up_accounts()
    for user in get_user_model().objects.all():
        validate_password(passwords()[user.username], user)
