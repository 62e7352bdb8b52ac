"""What the checks are asked about: one object as it stands in memory, and what is sent with it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Model
from wagtail.images import get_image_model
from wagtail.models import Page

from pages.checks.models import Phrase, PhraseKind

from .met import (
    Mention,
    Met,
    Passage,
    ShownHeading,
    ShownPicture,
    ShownTable,
    WaitingLink,
    WrittenAddress,
)
from .walking import parts_of

Kept = TypeVar("Kept")


class Content:
    """Reads the object once for all checks, and fetches what it names in one query a model."""

    def __init__(self, obj: Model, together: Iterable[Model] = ()) -> None:
        self.object = obj
        # Its own, too: a page may lead to itself.
        self.together = {_identity(each): each for each in (*together, obj) if each.pk}
        self._fetched: dict[type[Model], dict[int, Model]] = {}

    @cached_property
    def parts(self) -> tuple[Met, ...]:
        return tuple(parts_of(self.object))

    @cached_property
    def passages(self) -> list[Passage]:
        return self._of_kind(Passage)

    @cached_property
    def mentions(self) -> list[Mention]:
        return self._of_kind(Mention)

    @cached_property
    def addresses(self) -> list[WrittenAddress]:
        return self._of_kind(WrittenAddress)

    @cached_property
    def waiting_links(self) -> list[WaitingLink]:
        return self._of_kind(WaitingLink)

    @cached_property
    def pictures(self) -> list[ShownPicture]:
        return self._of_kind(ShownPicture)

    @cached_property
    def tables(self) -> list[ShownTable]:
        return self._of_kind(ShownTable)

    @cached_property
    def headings(self) -> list[ShownHeading]:
        return self._of_kind(ShownHeading)

    def _of_kind(self, kind: type[Kept]) -> list[Kept]:
        return [part for part in self.parts if isinstance(part, kind)]

    def named(self, model: type[Model], key: int) -> Any:
        """The object of this model that the content names, as it is stored; None if there is none."""
        if model not in self._fetched:
            self._fetched[model] = model._base_manager.in_bulk(self._keys_of(model))
        return self._fetched[model].get(key)

    def _keys_of(self, model: type[Model]) -> set[int]:
        named: dict[type[Model], set[int]] = defaultdict(set)
        for mention in self.mentions:
            named[mention.model].add(mention.key)
        named[get_image_model()].update(picture.key for picture in self.pictures)
        return named[model]

    def phrases(self, kind: PhraseKind) -> list[re.Pattern[str]]:
        """What finds the phrases of a kind that chief editors keep."""
        return [each.expression for each in self._phrases if each.kind == kind]

    @cached_property
    def _phrases(self) -> list[Phrase]:
        return list(Phrase.objects.all())

    def is_sent_together(self, obj: Model) -> bool:
        """Whether the object goes before the readers together with this one."""
        return _identity(obj) in self.together


def _identity(obj: Model) -> tuple[type[Model], object]:
    return (Page if isinstance(obj, Page) else type(obj)), obj.pk
