"""What of Wagtail's tables is nobody's to read: drafts of titles, passwords of pages, what one logs in with."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Model


def empty_text(_there: object, _compiler: object, _sql: str, _params: Any) -> tuple[str, tuple[()]]:
    """Asks for an empty text in place of a column, as Django would else ask for all of them.

    For what the database shows no service for visitors (deploy/database_roles.sql).
    """
    return "''", ()


def is_indexable(asked: Callable[..., bool], model: type[Model], *about: Any, **more: Any) -> bool:
    """What a person logs in with is no content: nobody asks where it is used."""
    is_factor = model.__module__.startswith(tuple(settings.SECOND_FACTOR_APPS))
    return not is_factor and asked(model, *about, **more)
