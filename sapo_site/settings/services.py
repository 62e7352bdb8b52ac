"""The parts of the site that this process serves; they decide which addresses exist in it."""

import environ

from .places import *

ALL_ROLES = ("public", "editorial", "intake", "desk")
ROLES = frozenset(env.list("SAPO_ROLES", default=list(ALL_ROLES)))
if unknown_roles := ROLES.difference(ALL_ROLES):
    raise environ.ImproperlyConfigured(
        f"SAPO_ROLES: unknown role {', '.join(sorted(unknown_roles))}; "
        f"there are {', '.join(ALL_ROLES)}"
    )

# A process has no code, database or session for what it does not serve.
WITH_PAGES = bool(ROLES & {"public", "editorial"})
WITH_ACCOUNTS = "editorial" in ROLES
WITH_TIPS_DATABASE = bool(ROLES & {"intake", "desk"})
