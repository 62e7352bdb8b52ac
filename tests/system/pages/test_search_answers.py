"""The demo site is searched on both databases with the words that people use.

`search_queries.tsv` says what they type and which page or file they must meet among the first five.
"""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests import databases
from tests.postgres import ROOT, installed, run

QUERIES = [
    line.split("\t")
    for line in Path(__file__).with_name("search_queries.tsv").read_text().splitlines()
]
# The demo's texts, with one small picture for all of its own.
_BUILD = """
import django, pathlib, tempfile
django.setup()
from django.utils import translation
from PIL import Image
from sapo_site.demo import site
translation.activate("sv")
with tempfile.TemporaryDirectory() as folder:
    small = pathlib.Path(folder) / "small.webp"
    Image.new("RGB", (40, 30), "#113158").save(small)
    site.picture_file = lambda name: small
    site.build_site(lambda text: None)
"""
_ASK = """
import django, json, sys
from django.conf import settings
plain = "django.contrib.staticfiles.storage.StaticFilesStorage"  # nothing has been collected
settings.STORAGES["staticfiles"] = {"BACKEND": plain}
django.setup()
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
visitor = Client(headers={"host": "www.sapo.example"})
answers = []
for query, address in json.load(sys.stdin):
    search = "/en/sok/" if address.startswith("/en/") else "/sok/"
    context = visitor.get(search, {"q": query}, secure=True).context
    found = [(hit.url, hit.title, hit.excerpt) for hit in context["results"]]
    kinds = [(kind["value"], kind["count"]) for kind in context["kinds"]]
    topics = [(topic["slug"], topic["count"]) for topic in context["topics"]]
    suggestions = [each.title for each in context["suggestions"]]
    meant = context["meant"]
    answers.append([context["total"], found, kinds, topics, suggestions, meant])
print(json.dumps(answers))
"""
# What finds nothing, or too much, is answered alike as well.
_OTHERS = [["kontraspoinage", ""], ["finns inte alls", ""], ["terorism", ""], ["i", ""], ["*", ""]]


@pytest.fixture(scope="module")
def answers(django_db_setup, tmp_path_factory):
    """What each database answers to all queries."""
    folder = tmp_path_factory.mktemp("search")
    asked = json.dumps(QUERIES + _OTHERS)
    found = {}
    migrated = databases.FOLDER / f"default-{databases.digest('default')}.sqlite3"
    if migrated.exists():  # not where the tests run on PostgreSQL
        shutil.copy(migrated, folder / "db.sqlite3")
    with installed() as server:
        for name, others in {
            "sqlite": {"DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}"},
            "postgresql": {},
        }.items():
            var = folder / name
            plain = {"PYTHONPATH": str(ROOT), "SAPO_EDITION_URL": "", **others}
            editorial = server.environment("editorial", "sapo-editorial", var, **plain)
            if name == "sqlite":
                run([sys.executable, "manage.py", "migrate", "-v0"], editorial)
            run([sys.executable, "-c", _BUILD], editorial)
            public = server.environment("public", "sapo-public", var, **plain)
            said = run([sys.executable, "-c", _ASK], public, stdin=asked)
            found[name] = json.loads(said.splitlines()[-1])  # warnings come before
    return found


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_expected_page_is_among_the_first_five(answers, database):
    missed = {
        query: [url for url, _title, _excerpt in answer[1][:5]]
        for (query, address), answer in zip(QUERIES, answers[database], strict=False)
        if address not in [url for url, _title, _excerpt in answer[1][:5]]
    }

    assert len(QUERIES) >= 60
    assert missed == {}


def test_both_databases_give_the_same_answers(answers):
    for (query, _address), sqlite, postgresql in zip(
        QUERIES + _OTHERS, answers["sqlite"], answers["postgresql"], strict=True
    ):
        assert sqlite == postgresql, query
