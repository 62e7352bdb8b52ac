"""Asks the site's own search, in the environment of a database that may be written to.

Run as a process of its own, `python -m tools.bench.asking JOB`; the job is a file of JSON: see `Job`.
Prints the answers as JSON.
"""

import json
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path, PurePosixPath
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit

from .questions import FILE, Question

SLUG = "brus-"
_IN_ENGLISH = 6  # one news item in so many
_FIRST_DAY, _LAST_DAY = date(2015, 1, 1), date(2026, 10, 31)
_SHORTEST_PARAGRAPH, _LONGEST_TITLE, _LONGEST_LEAD = 80, 90, 600
_SENTENCE = re.compile(r"[^.!?]+[.!?]")
_ENTRIES = "//main//*[contains(concat(' ', @class, ' '), ' entry__heading ')]//a/@href"

Row = tuple[list[str], float]  # addresses and milliseconds


@dataclass(frozen=True)
class Job:
    """What the site is to be filled with, and what it is asked."""

    news: int
    questions: Sequence[tuple[str, str]]  # what is typed, and the language of the site
    on_processor: bool = True  # counts this thread's time; else the clock's, for another process


def main(path: str) -> None:
    import sapo_site.wsgi  # noqa: F401  sets Django up as it is where pages are served
    from pages.newsroom.permit import everything_permitted

    job = Job(**json.loads(Path(path).read_text()))
    with everything_permitted():  # nobody has confirmed what is made up here
        add_news(job.news)
    questions = [Question(text, language, ()) for text, language in job.questions]
    clock = time.thread_time if job.on_processor else time.perf_counter
    print(json.dumps({"answers": answers(questions, clock), "addresses": addresses()}))


# Filling


def add_news(wanted: int) -> None:
    """Adds news items until there are so many, made of paragraphs that other pages have."""
    from django.core.management import call_command
    from django.db import transaction

    from pages.content.models import NewsIndexPage, NewsPage

    there = NewsPage.objects.filter(slug__startswith=SLUG).count()
    if there >= wanted:
        return
    lists = {each.locale.language_code: each for each in NewsIndexPage.objects.live()}
    paragraphs = {language: _paragraphs(language) for language in lists}
    with transaction.atomic():
        for number in range(there, wanted):
            language = "en" if "en" in lists and number % _IN_ENGLISH == 0 else "sv"
            lists[language].add_child(instance=_news_item(number, paragraphs[language]))
    call_command("update_index", verbosity=0)


def _paragraphs(language: str) -> list[str]:
    from wagtail.models import Page

    pages = Page.objects.live().filter(locale__language_code=language).exclude(depth=1)
    own = pages.exclude(slug__startswith=SLUG).order_by("pk")
    texts = (page.search_text() for page in own.specific() if hasattr(page, "search_text"))
    found = dict.fromkeys(line for text in texts for line in text.splitlines())
    long = [each for each in found if len(each) >= _SHORTEST_PARAGRAPH and _SENTENCE.match(each)]
    if not long:
        raise RuntimeError(f"inga stycken på {language} att göra nyheter av")
    return long


def _news_item(number: int, paragraphs: Sequence[str]) -> Any:
    """One whose title and lead are sentences of its paragraphs; the same for the same number."""
    from django.utils import timezone

    from pages.content.models import NewsPage
    from pages.content.models.news import NewsKind

    chance = random.Random(number)
    chosen = [chance.choice(paragraphs) for _ in range(chance.randint(4, 7))]
    first = _SENTENCE.findall(chosen[0])[0].strip(" .")
    day = _FIRST_DAY + timedelta(days=chance.randrange((_LAST_DAY - _FIRST_DAY).days + 1))
    now = timezone.now()
    return NewsPage(
        title=shorten(first, _LONGEST_TITLE, placeholder=" …"),
        slug=f"{SLUG}{number}",
        lead="".join(_SENTENCE.findall(chosen[1])[:2]).strip()[:_LONGEST_LEAD],
        kind=chance.choice(NewsKind.values),
        published_on=day,
        changed_on=day,
        first_published_at=now,
        last_published_at=now,
        body=json.dumps(
            [{"type": "prose", "value": f"<p>{escape(each)}</p>"} for each in chosen[2:]]
        ),
    )


# Asking


def addresses() -> list[str]:
    """Of every page that the search could lead to, and of every public file."""
    from django.conf import settings
    from wagtail.models import Page

    from pages.content.tree.fixed_pages import fixed_pages_in
    from pages.library.models import SiteDocument

    fixed = [page.url for code, _name in settings.LANGUAGES for page in fixed_pages_in(code)]
    pages = Page.objects.live().filter(depth__gt=1).iterator(chunk_size=1000)
    files = SiteDocument.objects.filter(published_on__isnull=False).distinct()
    every = [*fixed, *(page.get_url() or "" for page in pages)]
    return [urlsplit(each).path for each in every] + [_name_of(file) for file in files]


def answers(
    questions: Sequence[Question], clock: Callable[[], float] = time.thread_time
) -> list[Row]:
    """What the page of the search shows for each question, and the time until it is there."""
    from django.test import Client

    from pages.library.models import SiteDocument

    files = {urlsplit(file.url).path: _name_of(file) for file in SiteDocument.objects.all()}
    client = Client(headers={"host": "127.0.0.1"})
    for question in questions[:5]:  # the first of a process reads the names that editors keep
        _entries(client, question)
    found: list[Row] = []
    for question in questions:
        began = clock()
        entries = _entries(client, question)
        milliseconds = (clock() - began) * 1000
        paths = [urlsplit(entry).path for entry in _links(entries)]
        found.append(([files.get(path, path) for path in paths], milliseconds))
    return found


def _entries(client: Any, question: Question) -> bytes:
    address = "/sok/" if question.language == "sv" else f"/{question.language}/sok/"
    response = client.get(address, {"q": question.text}, follow=True)
    if response.status_code != 200:
        raise RuntimeError(f"”{question.text}”: {response.status_code}")
    page: bytes = response.content
    return page


def _links(page: bytes) -> list[str]:
    from lxml import html

    return [str(each) for each in html.fromstring(page).xpath(_ENTRIES)]


def _name_of(file: Any) -> str:
    return f"{FILE}{PurePosixPath(file.file.name).name}"


if __name__ == "__main__":
    main(sys.argv[1])
