"""What visitors find and what editors find lie in tables of their own.

Editors find everything as before at once. `update_index` makes their table smaller, and finds drafts
of live pages by their newest words.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import pages.models.search
import pages.search.tables

_PART = (
    """INSERT INTO pages_editorsentry (place, page_id, tokens)
        SELECT place, page_id, tokens FROM pages_searchentry WHERE page_id IS NOT NULL""",
    "DELETE FROM pages_searchentry WHERE filters = ''",
)
# deploy/database_roles.sql had closed the rows of drafts to visitors' service.
_OPEN = (
    "DROP POLICY IF EXISTS published ON pages_searchentry",
    "ALTER TABLE pages_searchentry DISABLE ROW LEVEL SECURITY",
)
# Without a policy it reads no row. The former file makes the policy again.
_CLOSE = ("ALTER TABLE pages_searchentry ENABLE ROW LEVEL SECURITY",)
_UNITE = (
    """INSERT INTO pages_searchentry (place, page_id, tokens, filters, languages, title, text)
        SELECT place, page_id, tokens, '', '', '', '' FROM pages_editorsentry
        WHERE page_id NOT IN (SELECT page_id FROM pages_searchentry WHERE page_id IS NOT NULL)""",
)


def part(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in (*_PART, *(_OPEN if is_postgresql else ())):
        schema_editor.execute(statement)


def unite(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in (*(_CLOSE if is_postgresql else ()), *_UNITE):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("pages", "0019_first_phrases")]

    operations = [
        migrations.CreateModel(
            name="EditorsEntry",
            fields=[
                ("place", models.BigIntegerField(primary_key=True, serialize=False)),
                ("tokens", pages.models.search.TokensField()),
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.page",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the editors' search",
                "verbose_name_plural": "entries of the editors' search",
            },
        ),
        migrations.RunPython(
            pages.search.tables.create_for_editors, pages.search.tables.drop_for_editors
        ),
        migrations.RunPython(part, unite),
        migrations.AlterField("searchentry", "filters", models.TextField()),
        migrations.AlterField("searchentry", "languages", models.CharField(max_length=20)),
        # Before and after: SQLite makes the table anew for a constraint, without its triggers.
        migrations.RunPython(migrations.RunPython.noop, pages.search.tables.create_triggers),
        migrations.AddConstraint(
            "searchentry",
            models.CheckConstraint(
                condition=~models.Q(filters=""), name="search_entry_is_public"
            ),
        ),
        migrations.RunPython(pages.search.tables.create_triggers, migrations.RunPython.noop),
    ]
