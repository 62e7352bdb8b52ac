"""Who handles tips: those whose accounts are open. Nothing that the CMS says counts here."""

from django.db.models import QuerySet

from tips.models import Handler


def is_handler(username: str) -> bool:
    """Whether one of this name may come in."""
    return _may_come_in().filter(username=username).exists()


def all_handlers() -> list[Handler]:
    """All who may come in, by name."""
    return sorted(_may_come_in(), key=lambda handler: handler.name.casefold())


def _may_come_in() -> QuerySet[Handler]:
    return Handler.objects.filter(is_locked=False, closed_on=None)
