"""Wagtail's `update_index` for very many pages: it goes by key and shows how far it has come."""

from collections.abc import Iterator

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from modelsearch.management.commands import rebuild_modelsearch_index


class Command(rebuild_modelsearch_index.Command):
    def queryset_chunks(self, qs: QuerySet, chunk_size: int) -> Iterator[list[Model]]:
        """The objects in chunks by key, since an OFFSET costs more the further it reaches."""
        count, done, last = qs.count(), 0, 0
        while some := list(qs.filter(pk__gt=last)[:chunk_size]):
            yield some
            done, last = done + len(some), some[-1].pk
            self.write(_("%(number)d of %(count)d") % {"number": done, "count": count})

    def print_iter_progress(self, iterable: object) -> object:
        return iterable
