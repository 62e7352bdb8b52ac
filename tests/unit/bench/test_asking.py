"""The benchmark of the search on a site of a few pages."""

import json

import pytest
from wagtail.models import Locale, Page

from pages.models import NewsPage, Synonym
from pages.search import index
from tests.factories import ArticlePageFactory, NewsIndexPageFactory
from tools.bench import ablation, asking
from tools.bench.asking import SLUG, Job
from tools.bench.questions import Question

pytestmark = pytest.mark.django_db

LONG = "Den som vill skydda sina hemligheter måste först veta vilka de är och var de finns. "


@pytest.fixture(autouse=True)
def pages(section):
    NewsIndexPageFactory(parent=section.get_parent(), title="Nyheter", slug="nyheter")
    for title, slug in (("Livvakter", "livvakter"), ("Spioner", "spioner")):
        body = [("prose", f"<p>{LONG}{title} finns.</p>"), ("prose", f"<p>{title}. {LONG}</p>")]
        ArticlePageFactory(parent=section, title=title, slug=slug, body=body)
    Synonym.objects.create(locale=Locale.get_default(), names="livvakter, gorillor")
    index.write_pages(page.specific for page in Page.objects.filter(depth__gt=1))
    index.finish_rebuild()


def test_a_job_is_answered_with_and_without_each_part_of_the_search(tmp_path, capsys):
    words, job = tmp_path / "words.jsonl", tmp_path / "job.json"
    asked = [("gorillor", "sv"), ("spion", "sv"), ("qwertz", "sv")]
    job.write_text(json.dumps(vars(Job(3, 0, asked, str(words), True))))
    asking.main(str(job))
    answered = json.loads(capsys.readouterr().out.splitlines()[-1])
    (named, _ms), (spies, _ms), (nothing, _ms) = answered["all"]
    assert named[0] == "/verksamheten/livvakter/"
    assert "/verksamheten/spioner/" in spies
    assert nothing == []
    assert set(answered["without"]) == set(ablation.parts())
    assert answered["without"]["synonyms"][0][0] == []
    assert answered["without"]["synonyms"][1][0] == spies
    seen = {page[1]: page for page in map(json.loads, words.read_text().splitlines())}
    assert seen["/verksamheten/spioner/"][2] == "Spioner"
    assert "Spioner finns." in seen["/verksamheten/spioner/"][3]
    assert f"/nyheter/{SLUG}2/" in seen
    assert "Innan du tipsar" in seen["/tipsa/"][3]


def test_the_news_that_are_added_are_the_same_each_time_and_sound_like_the_site():
    asking.add_news(3)
    asking.add_news(4)  # three are there already
    made = {page.slug: page for page in NewsPage.objects.filter(slug__startswith=SLUG)}
    assert set(made) == {f"{SLUG}{number}" for number in range(4)}
    again = asking._news_item(2, asking._paragraphs("sv"))
    two = made[f"{SLUG}2"]
    assert (again.title, again.lead, again.published_on) == (two.title, two.lead, two.published_on)
    for page in made.values():
        assert page.title in (LONG.strip(" ."), "Livvakter", "Spioner")
        assert LONG.strip() in page.search_text()
        assert 2015 <= page.published_on.year <= 2026
    assert not any(Page.find_problems())


def test_an_answer_that_is_no_page_of_results_is_no_answer(monkeypatch):
    monkeypatch.setattr("pages.search.in_turn.searches._room", _Full())
    with pytest.raises(RuntimeError, match="”spion”: 503"):
        asking.answers([Question("spion", "sv", ("/",))])


class _Full:
    def acquire(self, **_how: object) -> bool:
        return False
