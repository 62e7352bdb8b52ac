"""The databases of this process, and how each is asked."""

from typing import Any

from django.db.backends.utils import CursorWrapper

from .services import *

# Tips have a database of their own, so that a copy of the website's contains none.
DATABASES = {}
DATABASE_ROUTERS = ["tips.router.TipsRouter"]
if WITH_PAGES:
    DATABASES["default"] = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
else:  # every query to it fails
    DATABASES["default"] = {"ENGINE": "django.db.backends.dummy"}
if WITH_TIPS_DATABASE:
    DATABASES["tips"] = env.db_url(
        "TIPS_DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'tips.sqlite3'}"
    )
# For tips: deleted data are overwritten, and the tipster's answer means that the tip is on disk.
_SQLITE_PRAGMAS = {
    "default": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    "tips": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}
# Notice within seconds that a server is gone, also when its machine no longer answers.
_POSTGRESQL_OPTIONS = {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
    # Queries are small and many. Without statistics for a new table, PostgreSQL takes a join for a
    # large one and compiles it for a quarter of a second each time.
    "options": "-c jit=off",
}
# The threads of a process share a pool of connections and return those they do not need, since the
# server has a hundred for all machines.
DATABASE_POOL = env.int("SAPO_DATABASE_POOL", default=8)
_POSTGRESQL_POOL: dict[str, Any] = {
    "min_size": 1,
    "max_size": DATABASE_POOL,
    "timeout": 1,
    "max_lifetime": 600,
    "reconnect_timeout": 3,  # after that, the next request tries at once
}
if WITH_PAGES and DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    from pages.public.store.waiting import PooledConnection

    _POSTGRESQL_POOL["connection_class"] = PooledConnection
# Django tells a database's errors as its own, but not those of closing a cursor, which on PostgreSQL asks the
# server: who reads by iterator() while the connection is lost would meet psycopg's. Here, since the services have
# no app of ours in common but the tips'.
CursorWrapper.WRAP_ERROR_ATTRS |= {"close"}
for _alias, _database in DATABASES.items():
    # To open SQLite again costs 0.7 ms a request, PostgreSQL 7 ms.
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True
    if _database["ENGINE"] == "django.db.backends.sqlite3":
        # Readers never wait for a writer, and a writer waits instead of failing.
        _database["OPTIONS"] = {
            "init_command": _SQLITE_PRAGMAS["tips" if _alias == "tips" else "default"],
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
        }
    elif _database["ENGINE"] == "django.db.backends.postgresql":
        _database["OPTIONS"] = {**_POSTGRESQL_OPTIONS, **_database.get("OPTIONS", {})}
        # Tips must not wait for one another, so each thread keeps its own connection to their database.
        if _alias != "tips" and DATABASE_POOL:
            _database["OPTIONS"]["pool"] = _POSTGRESQL_POOL
            _database["CONN_MAX_AGE"] = 0  # the pool keeps returned connections
