"""Where single pictures and files are used: by what readers meet, and by drafts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Page, ReferenceIndex

from pages.library.models import FileInVersion

from .companions import content_type_of, has_drafts, is_met


@dataclass(frozen=True)
class Use:
    """Something that names a picture or file."""

    model: type[Model]
    key: int
    is_public: bool
    was_public: bool

    @property
    def is_withdrawn(self) -> bool:
        return self.was_public and not self.is_public

    @property
    def is_page(self) -> bool:
        return self.model is Page


@dataclass
class Uses:
    """All that names one picture or file: what readers meet, and the rest."""

    public: list[Use] = field(default_factory=list)
    drafts: list[Use] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.public or self.drafts)


def uses_of(model: type[Model], keys: Iterable[int]) -> dict[int, Uses]:
    """Where files of the model are used: key -> uses, with one query for each kind of user."""
    stored, in_versions = _stored(model, keys), _in_versions(model, keys)
    users: dict[int, set[str]] = defaultdict(set)
    for _file, kind, key in stored | in_versions:
        users[kind].add(key)
    known = {kind: _states_of(kind, its_keys) for kind, its_keys in users.items()}
    found: dict[int, Uses] = {int(key): Uses() for key in keys}
    for row in sorted(stored | in_versions):
        file, kind, key = row
        use = known[kind].get(key)
        if use is None:
            continue
        if use.is_public and row in stored:
            found[file].public.append(use)
        else:
            found[file].drafts.append(use)
    return found


_Rows = set[tuple[int, int, str]]  # key of the file, kind and key of what names it


def _stored(model: type[Model], keys: Iterable[int]) -> _Rows:
    rows = ReferenceIndex.objects.filter(
        to_content_type=content_type_of(model), to_object_id__in=[str(key) for key in keys]
    ).values_list("to_object_id", "base_content_type_id", "object_id")
    return {(int(file), kind, key) for file, kind, key in rows}


def _in_versions(model: type[Model], keys: Iterable[int]) -> _Rows:
    column = FileInVersion.column_of(model)
    return set(
        FileInVersion.objects.filter(**{f"{column}__in": list(keys)}).values_list(
            column, "revision__base_content_type_id", "revision__object_id"
        )
    )


def _states_of(kind: int, keys: set[str]) -> dict[str, Use]:
    """Of those that are there: key -> whether readers meet it, or have."""
    model = ContentType.objects.get_for_id(kind).model_class()
    if model is None or not is_met(model):
        return {}
    rows = model._base_manager.filter(pk__in=keys)
    if has_drafts(model):
        columns = rows.values_list("pk", "live", "first_published_at")
        return {
            str(key): Use(model, key, live, first is not None or live)
            for key, live, first in columns
        }
    return {str(key): Use(model, key, True, True) for key in rows.values_list("pk", flat=True)}
