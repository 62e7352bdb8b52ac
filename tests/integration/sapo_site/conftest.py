"""Second factors of the editor's."""

import pytest
from django.test import Client

from sapo_site.accounts.second_factor import factors
from tests.logins import add_passkey
from tests.soft_passkey import SoftPasskey


@pytest.fixture
def app(editor):
    """An app of the editor's."""
    device = factors.new_app(editor)
    device.name = "Min telefon"
    device.save()
    return device


@pytest.fixture
def passkey(editor):
    """A passkey of the editor's."""
    key = SoftPasskey()
    client = Client()
    client.force_login(editor)
    add_passkey(client, key)
    return key
