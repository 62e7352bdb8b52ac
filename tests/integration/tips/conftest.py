"""What the tests of the tip channel share."""

from typing import Any

import pytest
from django.test import Client

from tests.handlers import desk_login
from tests.rings import stands_in_keyring
from tips.sealing.keyring import KeyringEntry


@pytest.fixture
def at_desk(db: None, client: Client, handler: KeyringEntry) -> Client:
    """The browser of a handler who has logged in at the desk."""
    return desk_login(client, "tipsmottagare")


@pytest.fixture
def colleague(tip_channel: Any) -> KeyringEntry:
    """Another handler, who stands in the keyring too."""
    stands_in_keyring(tip_channel, "kollega")
    return next(each for each in tip_channel.trust.ring.entries if each.id == "kollega")


@pytest.fixture
def colleagues_desk(db: None, colleague: KeyringEntry) -> Client:
    return desk_login(Client(), "kollega")
