"""What the gate lets through at this moment. Nobody but the gate and the acts opens it.

A row, which triggers look for (`guard`). No digest is in it: the gate reads back what became public.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import transaction
from django.db.models import Model

from pages.newsroom.models import Permit

from .digest import key_of, kind_of


def permitted(*objects: Model) -> AbstractContextManager[None]:
    """While it is open, what readers meet of these objects may change, and what follows from that."""
    return _standing(Permit(kind=kind_of(each), key=key_of(each)) for each in objects)


def everything_permitted() -> AbstractContextManager[None]:
    """While it is open, anything may: for the building of a site that nobody reads yet."""
    return _standing([Permit()])


@contextmanager
def _standing(rows: Iterable[Permit]) -> Iterator[None]:
    """Rolls back what was done meanwhile, and the permit with it, where something goes wrong."""
    with transaction.atomic():
        written = Permit.objects.bulk_create(rows)
        yield
        Permit.objects.filter(pk__in=[each.pk for each in written]).delete()
