"""A release that adds and renames takes nobody's word away: what was recorded before it still reads whole."""

import os
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.databases import lay_migrated
from tests.postgres import ROOT, run

_BEFORE = """
import json, django
django.setup()
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Page, Site
from pages.newsroom.before_the_rule import building
from pages.newsroom.keeping_public import deleting_for_good
from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
from sapo_site.accounts.groups import set_up_roles
from tests import factories
from tests.newsroom import publish_by_two
set_up_roles()
people = []
for name, role in (("redaktor", EDITORS), ("chefredaktor", CHIEF_EDITORS)):
    person = get_user_model().objects.create_user(name, first_name=name, last_name="Test")
    person.groups.add(Group.objects.get(name=role))
    people.append(person)
with building("before_the_rule"):
    home = factories.HomePageFactory(parent=Page.get_first_root_node())
    Site.objects.update(root_page=home)
    with deleting_for_good("Wagtail's welcome page"):
        Page.objects.get(slug="home").delete()
    factories.ArticlePageFactory(parent=home, title="Förr", slug="forr")
quote = {"text": "Vi skyddar Sverige.", "source": "quote", "role": ""}
body = [{"type": "quote", "value": quote, "id": "1"}, {"type": "prose", "value": "<p>quote</p>", "id": "2"}]
article = factories.ArticlePageFactory(parent=home, slug="ny", live=False, body=json.dumps(body))
rows = (
    factories.ContactFactory(name="Växeln", address="Box 1", live=False),
    factories.AlertFactory(heading="Ute", live=False),
    factories.ThreatLevelDecisionFactory(live=False, decided_at=timezone.now()),
)
for obj in (article, *rows):
    publish_by_two(obj, *people)
"""

_MIGRATION = """
import json
from django.db import connection, migrations, models
from pages.newsroom.models.renaming import note_renaming

def rename_blocks(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_ptr_id, body FROM content_articlepage")
        for key, body in cursor.fetchall():
            blocks = json.loads(body)
            for block in blocks:
                if block["type"] == "quote":
                    block["type"] = "citation"
                    block["value"] = {"words" if name == "text" else name: said for name, said in block["value"].items()}
            cursor.execute("UPDATE content_articlepage SET body = %s WHERE page_ptr_id = %s", [json.dumps(blocks), key])
    for kind, path, name in (
        ("article", "body.quote.text", "words"), ("article", "body.quote", "citation"),
        ("contact", "address", "postal_address"),
    ):
        note_renaming(apps.get_model("newsroom", "Renaming"), kind=kind, path=path, name=name, release="1.1.0")

class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial"), ("newsroom", "0001_initial")]
    operations = [
        migrations.AddField("articlepage", "stars", models.PositiveSmallIntegerField(default=3, db_default=3)),
        migrations.AddField("articlepage", "is_told", models.BooleanField(default=True, db_default=True)),
        migrations.RenameField("contact", "address", "postal_address"),
        migrations.RunPython(rename_blocks, migrations.RunPython.noop),
    ]
"""

_MIGRATION_OF_NEWSROOM = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("newsroom", "0001_initial")]
    operations = [
        migrations.AddField("confirmation", "as_press_officer", models.BooleanField(default=False, db_default=False)),
    ]
"""

# File -> what stands there, and what the next release has in its place.
_GROWN = {
    "pages/newsroom/models/confirming.py": [
        ("    as_chief = models.BooleanField()\n",
         "    as_chief = models.BooleanField()\n"
         "    as_press_officer = models.BooleanField(default=False, db_default=False)\n"),
        ("        SENT = ", '        NOTED = "noted", _("noted it")\n        SENT = '),
    ],
    "pages/content/models/article.py": [
        ("    twin_kind = models",
         "    stars = models.PositiveSmallIntegerField(default=3, db_default=3)\n"
         "    is_told = models.BooleanField(default=True, db_default=True)\n"
         "    twin_kind = models"),
    ],
    "pages/content/models/contact.py": [("    address = ", "    postal_address = "), ('"address"', '"postal_address"')],
    "pages/content/blocks/body.py": [("    quote = ", "    note = CharBlock()\n    citation = ")],
    "pages/content/blocks/text.py": [('    text = TextBlock(label=_("Quote")', '    words = TextBlock(label=_("Quote")')],
}  # fmt: skip


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    """The code of a release to come, in which much has another name."""
    folder = tmp_path / "grown"
    for name in ("cooperation", "pages", "sapo_site", "templates", "tests", "tips"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    for path, changes in _GROWN.items():
        text = (folder / path).read_text()
        for before, after in changes:
            assert before in text, (path, before)
            text = text.replace(before, after)
        (folder / path).write_text(text)
    for app, migration in (("content", _MIGRATION), ("newsroom", _MIGRATION_OF_NEWSROOM)):
        (folder / "pages" / app / "migrations" / "9999_grown.py").write_text(migration)
    return folder


def test_columns_choices_blocks_and_new_names_leave_every_record_whole(grown: Path, tmp_path: Path):
    database = tmp_path / "site.sqlite3"
    lay_migrated(database)
    settings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sapo_site.settings.test",
        "DATABASE_URL": f"sqlite:///{database}",
    }

    def django(folder: Path, *words: str) -> str:
        return run([sys.executable, *words], settings, folder)

    django(ROOT, "-c", _BEFORE)
    whole = "Allt som är publikt är det som godkändes.\n"
    assert django(ROOT, "manage.py", "verify_published").endswith(whole)

    django(grown, "manage.py", "migrate", "--verbosity", "0")
    assert django(grown, "manage.py", "verify_published").endswith(whole)

    with sqlite3.connect(database) as website:  # and nothing else than their record makes it so
        [[trigger]] = website.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE 'refuse_delete_newsroom_renaming%'"
        )
        website.execute(f'DROP TRIGGER "{trigger}"')
        website.execute("DELETE FROM newsroom_renaming")
    with pytest.raises(AssertionError) as named:
        django(grown, "manage.py", "verify_published")
    for where in ("/start/ny/", "Växeln"):
        assert f"{where}" in str(named.value)
    assert "2 stämmer inte" in str(named.value)
