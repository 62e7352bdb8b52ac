"""What the tests share that start programs."""

from collections.abc import Iterator

import pytest

from tests.postgres import Cluster, installed


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """A PostgreSQL with both databases as after an installation."""
    with installed() as server:
        yield server
