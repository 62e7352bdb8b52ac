"""What the tests of the tip channel share."""

from typing import Any

import pytest
from django.test import Client

from tests.handlers import desk_login, make_handler
from tests.rings import stands_in_keyring
from tips.models import Handler


@pytest.fixture
def at_desk(client: Client, handler: object) -> Client:
    """The browser of a handler who has logged in at the desk."""
    return desk_login(client, "tipsmottagare")


@pytest.fixture
def colleague(db: None, tip_channel: Any) -> Handler:
    """Another handler, who stands in the keyring too."""
    stands_in_keyring(tip_channel, "kollega")
    return make_handler("kollega")


@pytest.fixture
def colleagues_desk(colleague: Handler) -> Client:
    return desk_login(Client(), "kollega")
