"""The last line of defence, in the database: what nobody has confirmed is not made public there.

The gate asks the rule and writes a permit. What comes by any other way, SQL too, meets a trigger, which
`pages.changes.triggers` lays. They stop no one who may write permits or drop triggers.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from modelcluster.models import get_all_child_relations
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    CollectionViewRestriction,
    DraftStateMixin,
    Page,
    PageViewRestriction,
    ReferenceIndex,
    Site,
)

from pages.content.models import Withdrawal
from pages.ground.version.drafts import DRAFT_FIELDS
from pages.newsroom.models import Permit

from .companions import LIBRARY
from .digest import is_content, kind_of_model, words_of_file
from .gate import NotConfirmed

# Rows that only follow from something that was confirmed. Nothing public is made private at all.
_FOLLOWING: tuple[type[Model], ...] = (
    Redirect,
    Withdrawal,
    PageViewRestriction,
    CollectionViewRestriction,
)
# What is written of a public row while its draft is worked on, or when a row that it names goes.
_SAYS_NOTHING = DRAFT_FIELDS | {"live_revision", "numchild", "owner"}

NOT_CONFIRMED = "nobody has confirmed this"


@dataclass(frozen=True)
class Trigger:
    """Refuses an event of a table. `when` is SQL, in which OLD and NEW are the row."""

    table: str
    event: str
    when: str
    says: str = NOT_CONFIRMED


@cache
def guarded_models() -> tuple[type[Model], ...]:
    """Every model whose live rows readers meet."""
    return tuple(model for model in apps.get_models() if issubclass(model, DraftStateMixin))


def live_objects() -> Iterator[Any]:
    """Everything that readers meet, each object once and as its own model."""
    for model in guarded_models():
        objects = model._base_manager.filter(live=True)
        if model is Page:
            own_type = ContentType.objects.get_for_model(Page)
            objects = objects.filter(content_type=own_type, depth__gt=1)
        yield from objects.order_by("pk").iterator(100)


def say_it_to_editors(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    """Receives each new connection: what the database refuses on it is NotConfirmed."""
    if _translated not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _translated)  # around all others


def _translated(execute: Callable[..., Any], *asked: Any) -> Any:
    try:
        return execute(*asked)
    except DatabaseError as error:
        if NOT_CONFIRMED in str(error):
            raise NotConfirmed from error
        raise


# What is refused, as SQL. {row} stands for OLD, the row that is there, and for NEW, as it is to be.

_PERMIT, _ALL = Permit._meta.db_table, ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
_HAS_PUBLIC_BELOW = (
    f"EXISTS (SELECT 1 FROM {Page._meta.db_table} AS below WHERE below.live"
    " AND below.path <> {row}.path AND substr(below.path, 1, length({row}.path)) = {row}.path)"
)


def refusals() -> Iterator[Trigger]:
    """Everything that the database refuses while no permit names it."""
    for model in guarded_models():
        yield from _refused(model, _columns(model), *_live_and_named(model, model._meta.pk))
        for relation in get_all_child_relations(model):
            if relation.model is model and is_content(relation.get_accessor_name()):
                row = relation.related_model  # such as the topic of a page
                yield from _refused(row, _columns(row), *_live_and_named(model, relation.field))
    # A draft has no readers, and the pages below it may have some.
    _live, named = _live_and_named(Page, Page._meta.pk)
    place = ("slug", "path", "url_path")
    yield from _refused(Page, place, _HAS_PUBLIC_BELOW, named, ("UPDATE", "DELETE"))
    for model in _FOLLOWING:
        yield from _refused(model, _columns(model), "TRUE", f"EXISTS (SELECT 1 FROM {_PERMIT})")
    yield from _refused(Site, words_of_file(Site), "TRUE", _named([Site], "id"))
    for model in LIBRARY:
        words, named = ("file", "file_hash", *words_of_file(model)), _named([model], "id")
        yield from _refused(model, words, _is_shown(model), named, ("UPDATE", "DELETE"))


def _refused(
    model: type[Model], columns: Iterable[str], met: str, named: str, events: Iterable[str] = _ALL
) -> Iterator[Trigger]:
    """What is refused of rows that readers meet, and of these columns, while no permit names them."""
    old, new = (", ".join(f'{row}."{each}"' for each in columns) for row in ("OLD", "NEW"))
    of_old, of_new = (f"({met} AND NOT {named})".format(row=row) for row in ("OLD", "NEW"))
    differs = f"({old}) IS DISTINCT FROM ({new}) AND ({of_old} OR {of_new})"
    when = {"INSERT": of_new, "UPDATE": differs, "DELETE": of_old, "TRUNCATE": "TRUE"}
    for event in events:
        yield Trigger(model._meta.db_table, event, when[event])


def _columns(model: type[Model]) -> list[str]:
    fields: Any = model._meta.local_concrete_fields
    return [each.column for each in fields if each.name not in _SAYS_NOTHING]


def _root(model: type[Model]) -> type[Model]:
    """The model whose table says what is live: Page, of every kind of page."""
    return model._meta.get_field("live").model


def _live_and_named(model: type[Model], field: Any) -> tuple[str, str]:
    """Whether the object whose key the field has is live, and whether a permit names it."""
    root, column = _root(model), field.column
    live = f"(SELECT live FROM {root._meta.db_table} WHERE id = {{row}}.{column})"
    kinds = [each for each in guarded_models() if _root(each) is root]
    return "{row}.live" if field.model is root else live, _named(kinds, column)


def _named(kinds: Iterable[type[Model]], column: str) -> str:
    labels = ", ".join(f"'{kind_of_model(each)}'" for each in kinds)
    of_it = f"key = CAST({{row}}.{column} AS varchar) AND kind IN ({labels})"
    return f"EXISTS (SELECT 1 FROM {_PERMIT} WHERE kind = '' OR {of_it})"


def _is_shown(model: type[Model]) -> str:
    """Whether something public shows the picture or leads to the file, as `companions.public_keys`."""
    kind = "(SELECT app_label || '.' || model FROM django_content_type WHERE id = {})"
    shown_by = []
    for user in dict.fromkeys(map(_root, guarded_models())):
        live = f"SELECT CAST(id AS varchar) FROM {user._meta.db_table} WHERE live"
        shown_by.append(f"'{user._meta.label_lower}' THEN object_id IN ({live})")
    return (
        f"EXISTS (SELECT 1 FROM {ReferenceIndex._meta.db_table}"
        f" WHERE to_object_id = CAST({{row}}.id AS varchar)"
        f" AND {kind.format('to_content_type_id')} = '{model._meta.label_lower}'"
        f" AND CASE {kind.format('base_content_type_id')} WHEN {' WHEN '.join(shown_by)} END)"
    )
