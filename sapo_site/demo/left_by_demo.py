"""The people of the demo, and the refusal to serve in production while one of them can log in."""

import sys
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from tips.router import DATABASE as TIPS_DATABASE

# Username -> first and last name, as nobody is called.
PEOPLE = {
    "admin": ("Alva", "Administratör"),
    "chefredaktor": ("Cecilia", "Chefredaktör"),
    "redaktor": ("Rolf", "Redaktör"),
    "registrator": ("Ragnhild", "Registrator"),
    "tipsmottagare": ("Tove", "Tipsmottagare"),
    "tipsmottagare2": ("Tage", "Tipsmottagare"),
}


def full_name(username: str) -> str:
    return " ".join(PEOPLE[username])


def refuse_demo_accounts() -> None:
    """Ends the process with a line that names the accounts. Without a database it may go on."""
    if names := _accounts():
        sys.exit(
            f"Demots konton kan logga in på den här databasen: {', '.join(names)}. Tjänsten startar "
            "inte förrän de är stängda (docs/operations.md, When something is wrong)."
        )


def _accounts() -> list[str]:
    return [
        *(_in_the_cms() if settings.WITH_ACCOUNTS else []),
        *(_at_the_desk() if "desk" in settings.ROLES else []),
    ]


def _in_the_cms() -> list[str]:
    active = get_user_model().objects.filter(is_active=True, username__in=PEOPLE)
    rows = active.order_by("username").values_list("username", "first_name", "last_name")
    found = [(username, tuple(names)) for username, *names in _rows(rows, DEFAULT_DB_ALIAS)]
    return [username for username, names in found if names == PEOPLE[username]]


def _at_the_desk() -> list[str]:
    # By name: the server reads this before Django's models are there.
    handlers = apps.get_model("tips", "Handler").objects
    may_come_in = handlers.filter(is_locked=False, closed_on=None, username__in=PEOPLE)
    rows = may_come_in.order_by("username").values_list("username", "name")
    return [
        username for username, name in _rows(rows, TIPS_DATABASE) if name == full_name(username)
    ]


def _rows(rows: Iterable[Any], database: str) -> list[Any]:
    try:
        return list(rows)
    except DatabaseError:
        return []
    finally:
        # The server's workers must not share a connection that was opened before the fork.
        connections[database].close()
        getattr(connections[database], "close_pool", lambda: None)()
