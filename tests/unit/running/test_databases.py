"""The databases of the tests are what migrations make, whichever test came before."""

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.signals import request_finished
from django.db import close_old_connections
from wagtail.models import Page, Site

from pages.content.publishing.roles import EDITORS
from pages.newsroom.keeping_public import deleting_for_good
from sapo_site.accounts.groups import set_up_roles
from tests import databases, replay

commits = pytest.mark.django_db(transaction=True, databases=["default", "tips"])


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[Path, Path]:
    """What a database is made of, each as a copy that may be changed."""
    copies = {}
    for number, path in enumerate(sorted(set(databases._sources("default")))):
        copies[path] = tmp_path / f"{number:04}-{path.name}"
        copies[path].write_bytes(path.read_bytes())
    monkeypatch.setattr(databases, "_sources", lambda _alias: copies.values())
    return copies


def _path_of(app: str, *parts: str) -> Path:
    return Path(apps.get_app_config(app).path, *parts)


@pytest.mark.parametrize(
    "path",
    [
        _path_of("content", "migrations", "0001_initial.py"),
        _path_of("wagtailcore", "migrations", "0001_initial.py"),
        _path_of("content", "fields.py"),  # named in a migration
        _path_of("search", "tables.py"),
        databases.ROOT / "sapo_site" / "settings" / "base.py",
    ],
    ids=["ours", "Wagtail's", "a field", "a table", "settings"],
)
def test_a_change_in_what_it_was_made_of_makes_another_database(sources, path):
    before = databases.digest("default")
    assert databases.digest("default") == before

    sources[path].write_text(sources[path].read_text() + "\n# changed\n")

    assert databases.digest("default") != before


def test_tables_that_are_made_from_models_are_made_anew_with_them():
    made_of = set(databases._sources("tips"))
    assert any(path.is_relative_to(_path_of("tips", "models")) or path == _path_of("tips", "models.py")
               for path in made_of)  # fmt: skip


@commits
def test_one_test_may_empty_everything(django_user_model):
    django_user_model.objects.create_user("kvar")
    with deleting_for_good("a test"):
        Site.objects.all().delete()
        Page.objects.all().delete()


@commits
def test_and_the_next_finds_all_of_it(django_user_model):
    assert not django_user_model.objects.exists()
    assert Site.objects.count() == 1
    assert Page.objects.count() == 2


def test_roles_that_were_copied_are_those_that_were_set_up(roles):
    assert replay.learned(set_up_roles) == []


def test_what_is_learned_is_not_done(db, roles_learned):
    assert {each.table for each in roles_learned} >= {"auth_group", "auth_group_permissions"}
    assert not Group.objects.filter(name=EDITORS).exists()


@pytest.mark.django_db
def test_a_request_leaves_the_test_its_connection_whatever_an_earlier_test_has_left_behind():
    with databases.connection_kept_open():
        # As the test client does, whenever an answer is thrown away that nobody has read.
        request_finished.disconnect(close_old_connections)
        request_finished.connect(close_old_connections)
        request_finished.send(object)
        assert Site.objects.exists()
