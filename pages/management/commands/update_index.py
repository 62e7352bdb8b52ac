"""Wagtail's `update_index` for very many pages: step by step by key, and with numbers to follow."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from modelsearch.management.commands import rebuild_modelsearch_index


class Command(rebuild_modelsearch_index.Command):
    def queryset_chunks(self, qs: QuerySet, chunk_size: int) -> Iterator[list[Model]]:
        """The objects by key: to skip the first ones by counting is the dearer the more there are."""
        count, done, last = qs.count(), 0, 0
        while some := list(qs.filter(pk__gt=last)[:chunk_size]):
            yield some
            done, last = done + len(some), some[-1].pk
            self.write(_("%(number)d of %(count)d") % {"number": done, "count": count})

    def print_iter_progress(self, iterable: Any) -> Any:
        return iterable
