"""The people of the demo, and the refusal to serve in production while one of them can log in."""

import sys

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection

# Username -> first and last name, as nobody is called.
PEOPLE = {
    "admin": ("Alva", "Administratör"),
    "chefredaktor": ("Cecilia", "Chefredaktör"),
    "redaktor": ("Rolf", "Redaktör"),
    "tipsmottagare": ("Tove", "Tipsmottagare"),
    "tipsmottagare2": ("Tage", "Tipsmottagare"),
}


def refuse_demo_accounts() -> None:
    """Ends the process with a line that names the accounts. Without a database it may go on."""
    if names := _accounts():
        sys.exit(
            f"Demots konton kan logga in på den här databasen: {', '.join(names)}. Tjänsten startar "
            "inte förrän de är stängda (docs/operations.md, When something is wrong)."
        )


def _accounts() -> list[str]:
    # The desk alone sees only those who may log in there.
    active = (
        get_user_model().objects.filter(is_active=True)
        if settings.WITH_ACCOUNTS
        else apps.get_model("tips", "HandlerAccount").objects.all()
    ).filter(username__in=PEOPLE)
    try:
        found = list(active.order_by("username").values_list("username", "first_name", "last_name"))
    except DatabaseError:
        return []
    finally:
        # The server's workers must not share a connection that was opened before the fork.
        connection.close()
        getattr(connection, "close_pool", lambda: None)()
    return [username for username, *names in found if tuple(names) == PEOPLE[username]]
