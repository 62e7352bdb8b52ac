"""Former releases, each as the databases and settings that an installation of it has.

When one lands: `python -m tests.releases COMMIT PYTHON`, with a Python that has its requirements.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import zstandard

from tests.postgres import Cluster, cluster, run

RELEASES = {path.parent.name: path.parent for path in Path(__file__).parent.glob("*/sapo.sql.zst")}
OWNERS = {"sapo": "sapo-editorial", "sapo_tips": "sapo-tips-owner"}


@contextmanager
def as_left_by(release: str) -> Iterator[Cluster]:
    """A server with the databases that an installation of the release has."""
    with cluster(is_quiet=True) as server:
        for database, owner in OWNERS.items():
            dump = (RELEASES[release] / f"{database}.sql.zst").read_bytes()
            run(
                ["psql", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1", "--dbname", database],
                {**os.environ, "PGHOST": str(server.folder), "PGUSER": "postgres"},
                stdin=f'SET ROLE "{owner}";\n{zstandard.decompress(dump).decode()}',
            )  # fmt: skip
        yield server
