"""What the tests of the tip channel share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import Client

from tests.handlers import desk_login, make_handler
from tests.postgres import Cluster, cluster
from tips.models import Handler


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """A PostgreSQL with both databases as after an installation."""
    with installed() as server:
        yield server


@contextmanager
def installed() -> Iterator[Cluster]:
    with cluster(name="installed", prepare=_install) as server:
        yield server


def _install(server: Cluster) -> None:
    with TemporaryDirectory() as data:
        server.manage("editorial", "sapo-editorial", Path(data), "migrate", "--verbosity", "0")
        server.manage(
            "intake", "sapo-tips-owner", Path(data), "migrate", "tips", "--database", "tips"
        )
        server.apply("database_roles.sql", "sapo")
        server.apply("tips_database_roles.sql", "sapo_tips")


@pytest.fixture
def at_desk(client: Client, handler: object) -> Client:
    """The browser of a handler who has logged in at the desk."""
    return desk_login(client, "tipsmottagare")


@pytest.fixture
def colleague(db: None) -> Handler:
    """Another handler."""
    return make_handler("kollega")


@pytest.fixture
def colleagues_desk(colleague: Handler) -> Client:
    return desk_login(Client(), "kollega")
