"""Makes the folder of a release: the demo's site, as that release migrates and builds it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import zstandard

from tests.postgres import cluster


def main(commit: str, python: str) -> None:
    with tempfile.TemporaryDirectory() as made, cluster(is_quiet=True) as server:
        code = Path(made, "code")
        _run("git", "worktree", "add", "--quiet", "--detach", str(code), commit)
        folder = Path(__file__).parent / commit
        folder.mkdir()
        try:
            (folder / "environment.example").write_bytes(
                (code / "deploy" / "environment.example").read_bytes()
            )
            environment = {
                "DJANGO_SETTINGS_MODULE": "sapo_site.settings.demo",
                "SAPO_VAR": f"{made}/var",
                "DATABASE_URL": f"postgres://sapo-editorial@/sapo?host={server.folder}",
                "TIPS_DATABASE_URL": f"postgres://sapo-tips-owner@/sapo_tips?host={server.folder}",
            }
            _run(python, "manage.py", "prepare", "--without-static", folder=code, **environment)
            for database, name in (
                ("sapo", "database_roles"),
                ("sapo_tips", "tips_database_roles"),
            ):
                asked = {"PGHOST": str(server.folder), "PGUSER": "postgres", "PGDATABASE": database}
                roles = code / "deploy" / f"{name}.sql"
                _run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(roles), **asked)
                dump = zstandard.ZstdCompressor(level=19).compress(
                    _run("pg_dump", "--no-owner", **asked)
                )
                (folder / f"{database}.sql.zst").write_bytes(dump)
        finally:
            _run("git", "worktree", "remove", "--force", str(code))


def _run(*command: str, folder: Path | None = None, **environment: str) -> bytes:
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE
    ).stdout


if __name__ == "__main__":
    main(*sys.argv[1:])
