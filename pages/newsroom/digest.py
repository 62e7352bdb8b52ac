"""What two persons confirm, and its digest: what is stored, as it lies. Decision 0104 says why.

`tests/golden/` freezes the form. Should another one ever be needed, it stands beside this one.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import DateTimeField, Model
from django.utils.dateparse import parse_datetime
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Page, Revision, Site

from pages.content.publishing.stored import BOOKKEEPING, COMPUTED, WISHES, content_of
from pages.newsroom.models import Renaming

# The kind of the order of the pages below a page, whose key it has.
ORDER = "order"
_OF_WAGTAIL: dict[type[Model], str] = {Page: "page", Site: "site"}
# What has no versions: the words of it that readers meet. Those that come later count where they are filled.
_WORDS: dict[type[Model], tuple[str, ...]] = {
    AbstractImage: (
        "caption",
        "photographer",
        "description",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    ),
    AbstractDocument: ("title", "description"),
    Site: ("site_name", "root_page_id", "is_default_site"),
}


def words_of_file(model: type[Model]) -> tuple[str, ...]:
    """The fields that readers meet of a picture, a file or the website, beside the file itself."""
    return next(names for of_kind, names in _WORDS.items() if issubclass(model, of_kind))


def is_content(name: str) -> bool:
    """Whether a field or a relation of this name may be something that readers meet."""
    return name not in BOOKKEEPING | COMPUTED | {"id", "page_ptr"}


@cache
def kinds() -> dict[type[Model], str]:
    """Each model whose rows readers meet, and the name that it keeps whatever becomes of the code."""
    own = {model: vars(model).get("fixed_kind", "") for model in apps.get_models()}
    return {model: kind for model, kind in own.items() if kind} | _OF_WAGTAIL


def kind_of(obj: Model) -> str:
    """The kind under which the newsroom knows an object: that of its own model."""
    model = obj.specific_class if isinstance(obj, Page) else type(obj)
    return kind_of_model(model or type(obj))


def kind_of_model(model: type[Model]) -> str:
    """The kind of a model's rows; for what readers do not meet, which is in no record, its label."""
    return kinds().get(model) or model._meta.label_lower


def model_of(kind: str) -> type[Model] | None:
    return next((model for model, known in kinds().items() if known == kind), None)


def key_of(obj: Model) -> str:
    return str(obj.pk)


def object_of(kind: str, key: str) -> Any:
    """The object as it is stored now, or None."""
    model = Page if kind == ORDER else model_of(kind)
    return model and model._base_manager.filter(pk=key).first()


def digest_of_version(revision: Revision, obj: Model) -> str:
    """The digest that persons confirm of a version of the object: one byte gives another."""
    return _digest(obj, content_of(revision.content))


def content_digest_of(obj: Model) -> str:
    """The digest of what has no versions: a picture, a file, the website."""
    names = words_of_file(type(obj))
    fields: dict[str, Any] = {name: obj._meta.get_field(name) for name in names}
    said = {name: getattr(obj, name) for name in names}
    filled = {name: said[name] for name in names if said[name] != fields[name].get_default()}
    files = {"file": obj.file_hash} if hasattr(obj, "file_hash") else {}
    return _digest(obj, filled, files)


def digest_of_act(act: str, kind: str, key: str, parameters: Mapping[str, Any]) -> str:
    """The digest of an act that is proposed for an object."""
    return _sealed({"act": act, "kind": kind, "key": key, "parameters": parameters})


@dataclass(frozen=True)
class Compared:
    """By which names an object does not say what a version says, and which of these its model lost."""

    differing: tuple[str, ...]
    gone: tuple[str, ...]


def compared(revision: Revision, obj: Model, renamings: Iterable[Renaming] = ()) -> Compared:
    """What an object says now beside what the version says; what that does not name must be empty.

    `renamings` are those of the releases since, for what is public already.
    """
    said = content_of(revision.content)
    for each in renamings:
        if revision.created_at < each.at:
            said = each.applied_to(said)
    now = content_of(_serialized(obj))
    wanted = content_of(_serialized(type(obj)())) | said
    moments = {each.name for each in obj._meta.fields if isinstance(each, DateTimeField)}
    differing = (
        name
        for name in sorted(now.keys() - WISHES)
        if _json(now[name]) != _json(wanted[name])
        and not (name in moments and is_same_moment(now[name], wanted[name]))
    )
    return Compared(tuple(differing), tuple(sorted(said.keys() - now.keys())))


def is_same_moment(one: Any, other: Any) -> bool:
    """Whether these are one moment, of which a version may have written thousandths that are none."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return False
    return parse_datetime(one) == parse_datetime(other) is not None


def _serialized(obj: Any) -> dict[str, Any]:
    return (obj.specific if isinstance(obj, Page) else obj).serializable_data()


def _digest(obj: Model, content: Mapping[str, Any], files: Mapping[str, str] | None = None) -> str:
    return digest_in_place(kind_of(obj), key_of(obj), content, parent=parent_of(obj), files=files)


def digest_in_place(
    kind: str,
    key: str,
    content: Mapping[str, Any],
    *,
    parent: str = "",
    files: Mapping[str, str] | None = None,
) -> str:
    """The digest of content in its place."""
    return _sealed(
        {"content": content, "files": files or {}, "key": key, "kind": kind, "parent": parent}
    )


def _json(said: Any) -> str:
    return json.dumps(
        said, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def _sealed(said: dict[str, Any]) -> str:
    return hashlib.sha256(_json(said).encode("utf-8", "surrogatepass")).hexdigest()


def parent_of(obj: Model) -> str:
    """The key of the page above a page; empty for everything else."""
    if not isinstance(obj, Page) or obj.depth is None or obj.depth < 2:
        return ""
    path = obj._get_basepath(obj.path, obj.depth - 1)
    return str(Page.objects.filter(path=path).values_list("pk", flat=True).first() or "")
