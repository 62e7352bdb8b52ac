"""News come in by the same door as articles; the editor fills in what stands in their fields."""

from datetime import date
from pathlib import Path

import pytest

from pages.content.models import ArticlePage, NewsPage
from pages.importing.build import article_from
from pages.importing.documents import RefusedError
from pages.importing.read import read_article
from tests.factories import ArticlePageFactory, NewsIndexPageFactory


def _article(folder: Path, html: str):
    path = folder / "a.html"
    path.write_text(html)
    return read_article(path)


def test_below_the_news_a_file_becomes_a_news_item_that_asks_for_its_day(home, tmp_path):
    news = NewsIndexPageFactory(parent=home)
    article = _article(tmp_path, "<h1>Pressinbjudan</h1><p>Välkommen.</p><p>Plats: Solna</p>")
    page = article_from(article, parent=news)
    assert isinstance(page, NewsPage)
    assert (page.kind, page.place) == ("news", "")
    assert "Plats: Solna" in page.body[0].value.source
    assert article.notes.to_complete == [
        "Filen har inget datum: nyheten får dagens. Ändra det i formuläret om det är fel."
    ]


def test_the_day_of_the_last_change_stands_in_for_that_of_the_news_and_is_named(home, tmp_path):
    article = _article(tmp_path, "<h1>Nyhet</h1><p>Ingressen.</p>")
    article.changed_on = date(2025, 2, 7)
    page = article_from(article, parent=NewsIndexPageFactory(parent=home))
    assert page.published_on == date(2025, 2, 7)
    assert "Nyhetens datum är taget från dagen då den senast ändrades." in article.notes.to_check


def test_a_text_without_a_lead_is_a_draft_that_says_so(section, tmp_path):
    article = _article(
        tmp_path, "<h1>Lag (2018:585)</h1><h2>1 kap.</h2><ol><li>Denna lag gäller.</li></ol>"
    )
    page = article_from(article, parent=section)
    assert isinstance(page, ArticlePage)
    assert page.lead == ""
    assert article.notes.to_complete == ["Skriv en ingress: filen har ingen."]


def test_below_an_article_lies_neither_article_nor_news(section, tmp_path):
    article = _article(tmp_path, "<h1>Titel</h1><p>Ingress.</p>")
    with pytest.raises(RefusedError, match="kan inga artikelsidor eller nyheter ligga"):
        article_from(article, parent=ArticlePageFactory(parent=section))
