"""What a release has renamed, so that what was confirmed before is still read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils import timezone

from pages.ground.version.sealed_rows import seal_of
from pages.newsroom.models.confirming import LastingRow


class Renaming(LastingRow):
    """A release has renamed a field, a block or a value in blocks: what was confirmed says it by the former name.

    A data migration that renames writes it, by `note_renaming`.
    """

    SEALED = {1: ("kind", "path", "name", "release", "at")}

    kind = models.CharField(max_length=100)
    # By its former name: "lead", "body.prose", "body.fact_box.text".
    path = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    release = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta(LastingRow.Meta):
        verbose_name = "renaming"

    def __str__(self) -> str:
        return f"{self.release}: {self.kind} {self.path} → {self.name}"

    @classmethod
    def by_kind(cls) -> dict[str, list["Renaming"]]:
        """All of them, in the order in which they were made."""
        found: dict[str, list[Renaming]] = defaultdict(list)
        for each in cls.objects.all():
            found[each.kind].append(each)
        return found

    def applied_to(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """What a version says, under the new name."""
        return _renamed(content, self.path.split("."), self.name)


def _renamed(value: Any, path: Sequence[str], name: str) -> Any:
    if isinstance(value, list):
        return [_renamed(each, path, name) for each in value]
    if not isinstance(value, dict):
        return value
    first, within = path[0], path[1:]
    if "type" in value and "value" in value:
        if value["type"] != first:
            return value
        if not within:
            return value | {"type": name}
        return value | {"value": _renamed(value["value"], within, name)}
    if within:
        inner = {first: _renamed(value[first], within, name)} if first in value else {}
        return value | inner
    return {(name if each == first else each): said for each, said in value.items()}


def note_renaming(renaming: type[models.Model], **said: str) -> None:
    """Writes a renaming in a data migration, which gives the model of its time."""
    row: Any = renaming(recipe=1, at=timezone.now(), **said)
    row.former = renaming._base_manager.order_by("-pk").values_list("hash", flat=True).first() or ""
    row.hash = seal_of(row, row.recipe, row.former, Renaming.SEALED[row.recipe])
    row.save()
