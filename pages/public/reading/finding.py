"""Finds the page at an address in one query, as an instance of its own type.

The same query brings its topics, its translations and twins, and the content version.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connections, router
from django.db.models import OuterRef, QuerySet, Subquery
from wagtail.models import Page, get_page_models

from pages.content.models import ArticlePage, PageTopic, Upkeep
from pages.content.tree.addresses import address_of, root_of, split_address
from pages.ground.models import ContentVersion
from pages.ground.version import memory

# Only a guess: if another type of page lies there now, the query for all types follows.
_type_at: OrderedDict[str, type[Page]] = OrderedDict()
_MOST_TYPES = 20_000

_SLUG, _URL_PATH = "the slug", "the url_path"


def page_at(address: str) -> Page | None:
    """The live page that answers at a public address."""
    language, path = split_address(address)
    return page_in(language, path)


def page_in(language: str, path: str) -> Page | None:
    """The live page at a path below the start page of a language."""
    root = root_of(language)
    page = None if root is None else _page_at_url_path(root.root_path + path)
    if page is not None and memory.is_remembering() and not memory.knows_version():
        memory.note_version(ContentVersion.read_from(page))
        # With the version known, check that the start page has not moved.
        if root_of(language) != root:
            return page_in(language, path)
    return None if page is None else _completed(page)


def _page_at_url_path(url_path: str) -> Page | None:
    """Filters by slug as well as url_path: slug has an index, so a larger tree is not slower."""
    slug = url_path.rstrip("/").rpartition("/")[2]
    model = _type_at.get(url_path)
    if model and (page := _as_own_type(model, slug, url_path)):
        return page
    names = [each._meta.model_name for each in _types()]
    anything = _with_what_it_takes(Page.objects.filter(slug=slug, url_path=url_path, live=True))
    found = anything.select_related(*names).first()
    if found is None:
        return None
    page = next((own for name in names if (own := getattr(found, name, None))), found)
    vars(page).update({name: vars(found)[name] for name in _annotations()})
    _type_at[url_path] = type(page)
    while len(_type_at) > _MOST_TYPES:
        _type_at.popitem(last=False)
    return page


def _as_own_type(model: type[Page], slug: str, url_path: str) -> Page | None:
    using = router.db_for_read(model)
    question, connection = _question_for(model._meta.label, using), connections[using]
    given = {_SLUG: slug, _URL_PATH: url_path}
    with connection.cursor() as cursor:
        cursor.execute(question.sql, [given.get(each, each) for each in question.parameters])
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for place, (converters, column) in question.converters.items():
        for convert in converters:
            values[place] = convert(values[place], column, connection)
    page = model.from_db(using, question.fields, values[: len(question.fields)])
    vars(page).update({name: values[place] for name, place in question.annotations.items()})
    return page


class _Question(NamedTuple):
    """The query that finds a page of one type, and how its answer is read."""

    sql: str
    parameters: tuple[str, ...]
    fields: list[str]
    annotations: dict[str, int]  # name -> place
    converters: dict[int, tuple[list[Callable[..., object]], object]]  # by place


@cache
def _question_for(label: str, using: str) -> _Question:
    """Kept, since making it costs more than the rest of the query and gives the same each time."""
    pages = (
        apps.get_model(label).objects.filter(slug=_SLUG, url_path=_URL_PATH, live=True).order_by()
    )
    compiler = _with_what_it_takes(pages).query.get_compiler(using)
    sql, parameters = compiler.as_sql()
    columns = [column for column, _sql, _alias in compiler.select]
    return _Question(
        sql,
        parameters,
        [columns[place].target.attname for place in compiler.klass_info["select_fields"]],
        compiler.annotation_col_map,
        compiler.get_converters(columns),
    )


def _with_what_it_takes(pages: QuerySet[Page]) -> QuerySet[Page]:
    return pages.annotate(**_annotations())


def _annotations() -> dict[str, Subquery]:
    alike = Page.objects.filter(translation_key=OuterRef("translation_key"), live=True)
    return {
        "topic_keys": PageTopic.keys_of(OuterRef("pk")),
        "read_on": Subquery(Upkeep.objects.filter(page=OuterRef("pk")).values("read_on")),
        "twin_keys": ArticlePage.twin_keys_of(OuterRef("pk")),
        **{
            f"url_path_{code}": Subquery(
                alike.filter(locale__language_code=code).values("url_path")[:1]
            )
            for code, _name in settings.LANGUAGES
        },
        **ContentVersion.in_a_query(),
    }


def _completed(page: Page) -> Page:
    page.live_translations = {
        code: address
        for code, _name in settings.LANGUAGES
        if (url_path := getattr(page, f"url_path_{code}"))
        and url_path != page.url_path
        and (address := address_of(url_path))
    }
    return page


@cache
def _types() -> list[type[Page]]:
    return [model for model in get_page_models() if Page in model._meta.parents]
