"""Wagtail's privacy, which is not offered here: every published page and every file is public."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Warning
from django.db import DEFAULT_DB_ALIAS, DatabaseError


def name_what_is_not_private(
    databases: Sequence[str] | None = None, **_check: Any
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


def _restrictions(kind: str) -> Any:
    # Asked for by name: the checks are registered before Django has loaded the models.
    return apps.get_model("wagtailcore", f"{kind}ViewRestriction")._default_manager
