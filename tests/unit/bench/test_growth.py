"""How the figures of a growing site are compared."""

import pytest
from wagtail.models import Page

from pages.models import ArticlePage
from tests.factories import ArticlePageFactory
from tools.bench import archive, growth
from tools.bench.servers import Failed

WHAT = [*growth._RATIO_LIMITS, *growth._MS_LIMITS]


def _figures(cpu_ms: float, wall_ms: float) -> growth.Figures:
    return {what: {"cpu_ms": cpu_ms, "wall_ms": wall_ms} for what in WHAT}


def test_growth_is_the_last_size_by_the_first():
    by_size = {1_000: _figures(10, 20), 10_000: _figures(12, 80), 100_000: _figures(14, 90)}
    table = growth.table_of("SQLite", by_size)
    assert table.columns == ("what", "1k, ms", "10k, ms", "100k, ms", "100k by 1k")
    assert table.rows[0] == ("article", "10", "12", "14", "1.4")


def test_on_postgresql_the_clock_counts():
    by_size = {1_000: _figures(10, 20), 10_000: _figures(10, 80)}
    aims = {aim.text: aim for aim in growth.aims_of("PostgreSQL", by_size)}
    assert aims["PostgreSQL, article: 10k by 1k"].value == 4
    assert not aims["PostgreSQL, article: 10k by 1k"].is_met
    assert aims["PostgreSQL, search, rare word: ms at 10k"].value == 80


def test_a_database_that_cannot_be_measured_is_left_out_and_the_other_is_measured(
    monkeypatch, tmp_path
):
    def figures(size, environment):
        if environment["PGHOST"]:
            raise Failed("blev inte klar på 1800 s")
        return _figures(10, 20)

    def kind(host):
        @growth.contextmanager
        def database(site, folder):
            yield {"PGHOST": host}

        return database

    monkeypatch.setattr(growth, "_figures", figures)
    monkeypatch.setattr(growth, "_KINDS", {"SQLite": kind(""), "PostgreSQL": kind("a folder")})
    said = []
    tables, aims = growth.tables(None, tmp_path, (1_000, 10_000), say=said.append)
    assert [table.title for table in tables] == ["As the site grows, on SQLite"]
    assert {aim.text.partition(",")[0] for aim in aims} == {"SQLite"}
    assert said[-1] == "PostgreSQL: blev inte klar på 1800 s. Utelämnas."


@pytest.mark.django_db
def test_the_archive_is_read_found_and_edited_like_what_editors_have_written(
    section, editor, chief_editor, monkeypatch
):
    monkeypatch.setattr(archive, "CHILDREN", 20)
    ArticlePageFactory(
        parent=section,
        slug="kontraspionage",
        body=[("heading", {"text": "Så arbetar vi", "level": "h2"}), ("prose", "<p>Spaning.</p>")],
    )
    archive.grow(30)  # more than one section holds
    assert ArticlePage.objects.filter(slug__startswith="arkiv-").count() == 30
    assert not any(Page.find_problems())
    for _name, work in archive.tasks():
        work()  # looks at what came of it
