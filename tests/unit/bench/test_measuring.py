"""What `./sapo bench` reads off the machine, and which answers it refuses to count."""

import json
import os
import time

import pytest
from wagtail.models import Locale, Page

from pages.search import index
from pages.search.models import Synonym
from tests.factories import ArticlePageFactory, NewsIndexPageFactory
from tools.bench import asking, rounds, servers
from tools.bench.asking import SLUG, Job
from tools.bench.load import Answer, Target, checked, load_of
from tools.bench.servers import Failed

LONG = "Den som vill skydda sina hemligheter måste först veta vilka de är och var de finns. "


def test_the_time_that_linux_counts_is_the_time_that_is_spent():
    before = servers.cpu_seconds_of(os.getpid()), time.thread_time()
    while time.thread_time() - before[1] < 0.2:
        pass
    assert servers.cpu_seconds_of(os.getpid()) - before[0] == pytest.approx(0.2, rel=0.5)


def test_an_answer_with_another_status_or_without_its_sentence_is_refused():
    with pytest.raises(Failed, match="svarade 404, inte 200"):
        checked(Answer(404, b"Kontraspionage", {}), 200, "Kontraspionage")
    with pytest.raises(Failed, match="svarade utan ”Kontraspionage”"):
        checked(Answer(200, b"<title>En tom sida</title>", {}), 200, "Kontraspionage")


def test_a_page_that_is_never_of_the_same_length_is_refused(monkeypatch):
    bodies = iter([b"kort", b"mycket l\xc3\xa4ngre"])
    monkeypatch.setattr(Target, "ask", lambda self: Answer(200, next(bodies), {}))
    with pytest.raises(Failed, match="svarar olika långt: 4 och 14 byte"):
        Target("en sida", None, "/", "").length()


@pytest.mark.parametrize(("wrong", "broken", "asked"), [(1, 0, 9), (0, 1, 9), (0, 0, 0)])
def test_a_turn_with_a_wrong_answer_or_without_any_is_refused(wrong, broken, asked):
    told = {"wrong": wrong, "broken": broken, "requests": asked, "seconds": 1}
    with pytest.raises(Failed, match="svar var fel"):
        load_of(f"figures {json.dumps(told)}", 0.1)
    with pytest.raises(Failed, match="unable to connect"):
        load_of("unable to connect to 127.0.0.1:1 Connection refused", 0.1)


def test_a_target_that_fails_is_left_out_and_the_others_go_on(monkeypatch):
    class Page:
        def __init__(self, name: str, lengths: list[int]) -> None:
            self.name, self.lengths = name, lengths

        def length(self) -> int:
            if not self.lengths:
                raise Failed("svarade 500, inte 200")
            return self.lengths.pop(0)

    monkeypatch.setattr(rounds, "load", lambda *_: rounds.Load(1, 1, 1, 2))
    said: list[str] = []
    pages = [Page("good", [10, 10, 10]), Page("bad", [10])]
    results = rounds.measure(pages, rounds=3, seconds=1, say=said.append)
    assert {name: len(turns) for name, turns in results.turns.items()} == {"good": 3}
    assert said == ["bad: svarade 500, inte 200. Utelämnas."]


@pytest.mark.django_db
def test_the_search_is_asked_as_visitors_ask_it_among_news_that_are_made_up(
    section, tmp_path, capsys
):
    NewsIndexPageFactory(parent=section.get_parent(), title="Nyheter", slug="nyheter")
    for title in ("Livvakter", "Spioner"):
        body = [("prose", f"<p>{LONG}{title} finns.</p>"), ("prose", f"<p>{title}. {LONG}</p>")]
        ArticlePageFactory(parent=section, title=title, slug=title.lower(), body=body)
    Synonym.objects.create(locale=Locale.get_default(), names="livvakter, gorillor")
    index.write_pages(page.specific for page in Page.objects.filter(depth__gt=1))
    index.finish_rebuild()
    job = tmp_path / "job.json"
    job.write_text(json.dumps(vars(Job(3, [("gorillor", "sv"), ("qwertz", "sv")]))))

    asking.main(str(job))

    answered = json.loads(capsys.readouterr().out.splitlines()[-1])
    (named, _ms), (nothing, _ms) = answered["answers"]
    assert (named[0], nothing) == ("/verksamheten/livvakter/", [])
    assert {"/verksamheten/spioner/", f"/nyheter/{SLUG}2/", "/tipsa/"} <= set(answered["addresses"])
