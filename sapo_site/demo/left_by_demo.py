"""The people of the demo, and the refusal to serve in production while one of them can log in."""

import sys

from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection

# Username -> first and last name, as nobody is called.
PEOPLE = {
    "admin": ("Alva", "Administratör"),
    "chefredaktor": ("Cecilia", "Chefredaktör"),
    "redaktor": ("Rolf", "Redaktör"),
    "registrator": ("Ragnhild", "Registrator"),
}


def refuse_demo_accounts() -> None:
    """Ends the process with a line that names the accounts. Without a database it may go on."""
    if names := _accounts():
        sys.exit(
            f"Demots konton kan logga in på den här databasen: {', '.join(names)}. Tjänsten startar "
            "inte förrän de är stängda (docs/operations.md, When something is wrong)."
        )


def _accounts() -> list[str]:
    active = get_user_model().objects.filter(is_active=True, username__in=PEOPLE)
    rows = active.order_by("username").values_list("username", "first_name", "last_name")
    try:
        return [username for username, *names in rows if tuple(names) == PEOPLE[username]]
    except DatabaseError:
        return []
    finally:
        # The server's workers must not share a connection that was opened before the fork.
        connection.close()
        getattr(connection, "close_pool", lambda: None)()
