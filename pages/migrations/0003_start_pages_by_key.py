"""What lies below a start page is marked in the index with its key: its path changes with its place."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_DEPTH_OF_START_PAGES = 2

_WITH_ANOTHER = "trim(replace(' ' || {column} || ' ', ' ' || %s || ' ', ' ' || %s || ' '))"
_TOKENS_WITH_ANOTHER = {
    "sqlite": _WITH_ANOTHER.format(column="tokens"),
    "postgresql": "array_to_tsvector(array_replace(tsvector_to_array(tokens), %s, %s))",
}


def mark_by_key(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for path, key in _start_pages(apps):
        _mark(schema_editor.connection, _by_path(path), _by_key(key))


def mark_by_path(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for path, key in _start_pages(apps):
        _mark(schema_editor.connection, _by_key(key), _by_path(path))


def _start_pages(apps: Apps) -> list[tuple[str, int]]:
    pages = apps.get_model("wagtailcore", "Page").objects.filter(depth=_DEPTH_OF_START_PAGES)
    return list(pages.values_list("path", "pk"))


def _by_path(path: str) -> str:
    return f"l{path.lower()}"


def _by_key(key: int) -> str:
    return f"l{key}"


def _mark(connection: BaseDatabaseWrapper, before: str, after: str) -> None:
    tokens = _TOKENS_WITH_ANOTHER[connection.vendor]
    filters = _WITH_ANOTHER.format(column="filters")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE pages_searchentry SET tokens = {tokens}, filters = {filters}
                WHERE ' ' || filters || ' ' LIKE %s""",  # noqa: S608
            [before, after, before, after, f"% {before} %"],
        )


class Migration(migrations.Migration):
    dependencies = [("pages", "0002_dates_by_key")]

    operations = [migrations.RunPython(mark_by_key, mark_by_path)]
