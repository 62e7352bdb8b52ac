"""What a reader would meet of an object, and its digest. Decision 0039 says what is in it."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from modelcluster.models import get_all_child_relations, get_serializable_data_for_fields
from wagtail.blocks import BaseStreamBlock, Block, ListBlock, RichTextBlock
from wagtail.documents.models import AbstractDocument
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import AbstractImage
from wagtail.models import Page, Site

from pages.content.publishing.dating import BOOKKEEPING

# The way in which a digest is taken. Under a new one nothing is approved until two approve it again.
RECIPE = 1
# The kind of the order of the pages below a page, whose key it has.
ORDER = "order"

# Of the columns that Wagtail keeps for itself, these concern readers.
_OF_READERS = {
    "expire_at",
    "given_changed_on",
    "go_live_at",
    "is_minor_change",
    "locale",
    "show_in_menus",
}
_NO_CONTENT = (BOOKKEEPING | {"id", "page_ptr"}) - _OF_READERS
# Wishes of the one who publishes. They are used up, and the live object does not have them.
WISHES = frozenset({"given_changed_on", "go_live_at", "is_minor_change"})

# The first attribute of a tag. What is typed never has a tag: "<" is stored as "&lt;".
_BLOCK_KEY = re.compile(r'(<[a-z][a-z0-9]*) data-block-key="[^"<>]*"')

_OF_FILES: dict[type[Model], tuple[str, ...]] = {
    AbstractImage: (
        "file_hash", "caption", "photographer", "description",
        "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",
    ),
    AbstractDocument: ("file_hash", "title", "description"),
    Site: ("site_name", "root_page_id", "is_default_site"),
}  # fmt: skip


def words_of_file(model: type[Model]) -> tuple[str, ...]:
    """The fields of a picture or file that readers meet, beside the file itself."""
    names = next(names for of_kind, names in _OF_FILES.items() if issubclass(model, of_kind))
    return tuple(name for name in names if name != "file_hash")


def is_content(name: str) -> bool:
    """Whether a field or a relation of this name may be something that readers meet."""
    return name not in _NO_CONTENT


def kind_of(obj: Model) -> str:
    """The kind under which the newsroom knows an object: the label of its own model."""
    model = obj.specific_class if isinstance(obj, Page) else type(obj)
    return (model or type(obj))._meta.label_lower


def key_of(obj: Model) -> str:
    return str(obj.pk)


def object_of(kind: str, key: str) -> Model | None:
    """The object as it is stored now, or None."""
    model = Page if kind == ORDER else apps.get_model(kind)
    return model._base_manager.filter(pk=key).first()


def content_digest_of(obj: Model) -> str:
    """The digest that persons confirm: one comma gives another."""
    return _digest(obj, reader_content_of(obj), parent_of(obj))


def live_digest_of(obj: Model) -> str:
    """The digest of what readers meet once it is public, read off a version or the live object."""
    return _digest(obj, _without_wishes(reader_content_of(obj)), parent_of(obj))


def digests_of(obj: Model) -> tuple[str, str]:
    """Both at once: what persons confirm, and what readers meet of it."""
    content, parent = reader_content_of(obj), parent_of(obj)
    return _digest(obj, content, parent), _digest(obj, _without_wishes(content), parent)


def digest_of_act(act: str, kind: str, key: str, parameters: Mapping[str, Any]) -> str:
    """The digest of an act that is proposed for an object."""
    return _sealed({"act": act, "kind": kind, "key": key, "parameters": parameters})


def reader_content_of(obj: Model) -> dict[str, Any]:
    """All that a reader would meet of the object if it went public as it stands, and nothing else."""
    for model, names in _OF_FILES.items():
        if isinstance(obj, model):
            return _filled({name: getattr(obj, name) for name in names})
    if isinstance(obj, Page):
        obj = obj.specific
    return _filled(_fields_of(obj) | _children_of(obj))


def _digest(obj: Model, content: Mapping[str, Any], parent: str) -> str:
    return _sealed({"kind": kind_of(obj), "key": key_of(obj), "parent": parent, "content": content})


def _without_wishes(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: content[name] for name in content.keys() - WISHES}


def _sealed(said: dict[str, Any]) -> str:
    text = json.dumps(
        {"recipe": RECIPE, **said},
        cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()


def parent_of(obj: Model) -> str:
    """The key of the page above a page; empty for everything else."""
    if not isinstance(obj, Page) or obj.depth is None or obj.depth < 2:
        return ""
    path = obj._get_basepath(obj.path, obj.depth - 1)
    return str(Page.objects.filter(path=path).values_list("pk", flat=True).first() or "")


def _fields_of(obj: Model) -> dict[str, Any]:
    data = get_serializable_data_for_fields(obj)
    found = {}
    for name, value in data.items():
        field = None if name == "pk" else obj._meta.get_field(name)
        if field is None or name in _NO_CONTENT:
            continue
        if not field.editable and name not in _OF_READERS:
            continue  # no form writes it, so it is no content
        block: Block | None = RichTextBlock() if isinstance(field, RichTextField) else None
        if isinstance(field, StreamField) and isinstance(value, str):
            value, block = json.loads(value), field.stream_block
        found[name] = _plain(value, block)
    return found


def _children_of(obj: Model) -> dict[str, Any]:
    """The rows that belong to the object, such as the topics of a page, in their order."""
    found = {}
    for relation in get_all_child_relations(type(obj)):
        name = relation.get_accessor_name()
        if name in _NO_CONTENT:
            continue
        rows = sorted(getattr(obj, name).all(), key=lambda row: getattr(row, "sort_order", 0) or 0)
        parent = relation.field.name
        found[name] = [_filled(_without(_fields_of(row), parent)) for row in rows]
    return found


def _without(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}


def _plain(value: Any, block: Block | None) -> Any:
    """A value without what Wagtail draws anew at each saving.

    In rich text only: elsewhere readers would meet such words as they stand.
    """
    if isinstance(value, str):
        is_rich = isinstance(block, RichTextBlock)
        return unicodedata.normalize("NFC", _BLOCK_KEY.sub(r"\1", value) if is_rich else value)
    if isinstance(value, datetime):
        # A version keeps milliseconds, and a time without them is written in another way.
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    if isinstance(value, list):
        return [_plain_item(each, block) for each in value]
    if isinstance(value, dict):
        return _filled({name: _plain(each, _inner(block, name)) for name, each in value.items()})
    return value


def _plain_item(value: Any, block: Block | None) -> Any:
    """One block of a stream, or one item of a list, without the key that Wagtail gives it."""
    if not isinstance(block, (BaseStreamBlock, ListBlock)):
        return _plain(value, block)
    if isinstance(value, dict) and {"type", "value"} <= value.keys() <= {"type", "value", "id"}:
        inner = _inner(block, value["type"])
        return _filled({"type": value["type"], "value": _plain(value["value"], inner)})
    return _plain(value, _inner(block, ""))


def _inner(block: Block | None, name: str) -> Block | None:
    """The block within another one; None if it is not known."""
    if isinstance(block, ListBlock):
        return block.child_block
    return getattr(block, "child_blocks", {}).get(name)


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without the empty fields, so that a new optional field changes no digest."""
    return {name: value for name, value in fields.items() if not _is_empty(value)}


def _is_empty(value: Any) -> bool:
    return any(value is each for each in (None, False)) or (
        isinstance(value, (str, list, dict)) and not value
    )
