"""The accounts of the demo."""

import json

import pytest
from django.contrib.auth import authenticate

from sapo_site.demo.demo_accounts import accounts_file, set_up_accounts


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
    assert set(first) == {
        "admin", "chefredaktor", "redaktor", "tipsmottagare", "tipsmottagare2",
    }  # fmt: skip
    for username, password in first.items():
        assert authenticate(username=username, password=password)


def test_a_lost_file_is_written_anew_with_passwords_that_work(passwords):
    set_up_accounts()
    accounts_file().unlink()
    set_up_accounts()
    for username, password in passwords().items():
        assert authenticate(username=username, password=password)


def test_nobody_else_can_read_the_file(passwords):
    set_up_accounts()
    assert accounts_file().stat().st_mode & 0o077 == 0
