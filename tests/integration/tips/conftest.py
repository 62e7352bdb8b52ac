"""What the tests of the tip channel share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.utils.http import urlencode

from sapo_site.groups import HANDLERS
from tests.postgres import Cluster, cluster

PASSWORD = "hemligt-nog-for-prov"


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
        server.manage("intake", "sapo-tips-owner", Path(data), "migrate", "--database", "tips")
        server.apply("database_roles.sql", "sapo")
        server.apply("tips_database_roles.sql", "sapo_tips")


@pytest.fixture
def at_desk(client: Client, handler: object) -> Client:
    """The browser of a handler who has logged in at the desk."""
    return desk_login(client, "tipsmottagare")


@pytest.fixture
def colleague(roles: None) -> object:
    """Another handler."""
    user = get_user_model().objects.create_user("kollega", password=PASSWORD)
    user.groups.add(Group.objects.get(name=HANDLERS))
    return user


@pytest.fixture
def colleagues_desk(colleague: object) -> Client:
    return desk_login(Client(), "kollega")


def desk_login(client: Client, username: str, password: str = PASSWORD) -> Client:
    """Logs in as a person does: on the desk's page."""
    response = post_form(client, "/tipsmottagning/logga-in/", username=username, password=password)
    assert response.status_code == 302, response.content.decode()
    return client


def post_form(client: Client, address: str, **fields: object) -> HttpResponse:
    """Sends a form as browsers do; the test client's own way is that of forms with files."""
    kind = "application/x-www-form-urlencoded"
    return client.post(address, urlencode(fields), content_type=kind)
