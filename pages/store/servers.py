"""Which servers are asked where a database has several (`host=copy,original`).

Whoever connects tries them in turn, and the first, if it hangs, would keep each of them for seconds. So it is
not named until it answers again.
"""

import threading
import time
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError, connections

_ASKS_EVERY_SECONDS = 5


def leave_first(alias: str) -> None:
    """Lets nobody ask the first server, which hangs, until it is back."""
    database = connections.settings[alias]
    named = [(part, name, part[name]) for part, name in _lists_of_servers(database)]
    if not named:
        return
    first = connections.create_connection(alias).copy()
    first.inc_thread_sharing()
    first.settings_dict["OPTIONS"].pop("pool", None)
    for part, name in list(_lists_of_servers(first.settings_dict)):
        part[name] = part[name].partition(",")[0]
    for part, name, servers in named:
        part[name] = servers.partition(",")[2]

    def wait() -> None:
        while not _answers(first):
            time.sleep(_ASKS_EVERY_SECONDS)
        for part, name, servers in named:
            part[name] = servers

    threading.Thread(target=wait, daemon=True, name="server").start()


def _answers(server: Any) -> bool:
    try:
        server.ensure_connection()
    except DatabaseError:
        return False
    finally:
        server.close()
    return True


def _lists_of_servers(database: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Where several are named: in Django's settings, or among what is libpq's."""
    for part, names in ((database, ("HOST", "PORT")), (database["OPTIONS"], ("host", "port"))):
        for name in names:
            if "," in str(part.get(name, "")):
                yield part, name
