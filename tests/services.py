"""Runs the tests once more, on a PostgreSQL server of their own: `./sapo test --services`.

Only those that ask the database: what the others test is the same whatever lies beneath.
"""

import os
import sys

import pytest

from tests.postgres import cluster


class WhatAsksTheDatabase:
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item], config: pytest.Config
    ) -> None:
        asking = [item for item in items if _asks(item)]
        config.hook.pytest_deselected(items=[item for item in items if not _asks(item)])
        items[:] = asking


def _asks(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or "db" in fixtures


def main(arguments: list[str]) -> int:
    try:
        with cluster(is_quiet=True) as server:
            for variable, database in (
                ("DATABASE_URL", "sapo"),
                ("TIPS_DATABASE_URL", "sapo_tips"),
            ):
                os.environ[variable] = f"postgres://postgres@/{database}?host={server.folder}"
            return pytest.main(arguments, plugins=[WhatAsksTheDatabase()])
    except (pytest.fail.Exception, pytest.skip.Exception) as lacking:
        sys.exit(str(lacking))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
