"""Wagtail's privacy, which is not offered here: every published page and every file is public."""

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.db import DEFAULT_DB_ALIAS, DatabaseError
from django.db.models import Manager, Model


def name_what_is_not_private(
    databases: Sequence[str] | None = None, **_check: object
) -> list[CheckMessage]:
    """Names what an earlier version let editors mark as private, though all could read it."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    try:
        pages = _restrictions("Page").order_by("page__path")
        collections = _restrictions("Collection").order_by("collection__path")
        marked = [
            *(f"sidan ”{title}”" for title in pages.values_list("page__title", flat=True)),
            *(
                f"samlingen ”{name}”"
                for name in collections.values_list("collection__name", flat=True)
            ),
        ]
    except DatabaseError:  # the tables are not there yet
        return []
    return [
        Warning(
            f"Begränsad åtkomst finns inte: {which} är märkt som sluten men kan läsas av alla.",
            hint="Ta bort det som inte ska vara offentligt, och sedan märkningen.",
            id="sapo_site.W001",
        )
        for which in marked
    ]


def _restrictions(kind: str) -> Manager[Model]:
    # Asked for by name: the checks are registered before Django has loaded the models.
    return apps.get_model("wagtailcore", f"{kind}ViewRestriction")._default_manager


def empty_text(_there: object, _compiler: object, _sql: str, _params: Any) -> tuple[str, tuple[()]]:
    """Asks for an empty text in place of a column, as Django would else ask for all of them.

    For what the database shows no service for visitors (deploy/database_roles.sql).
    """
    return "''", ()


def is_indexable(asked: Callable[..., bool], model: type[Model], *about: Any, **more: Any) -> bool:
    """What a person logs in with is no content: nobody asks where it is used."""
    is_factor = model.__module__.startswith(tuple(settings.SECOND_FACTOR_APPS))
    return not is_factor and asked(model, *about, **more)
