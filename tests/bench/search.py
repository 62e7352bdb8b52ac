"""What searching costs as the site grows: entries in bulk, and each kind of question timed.

`python -m tests.bench.search PAGES`, in the environment of a database with the demo in it. Pages and
entries are written past everything that follows a publishing: they are for the search alone.
"""

import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

RARE, COMMON, IN_COMPOUNDS = "kvastskaft", "farvatten", "vatten"
_RARE_PAGES = 5
_COMMON_SHARE, _IN_TITLE_SHARE = 0.8, 0.6
_TEXTS = 1_000
_WORDS_OF_TEXT = 250
_AT_A_TIME = 2_000
_REPEATS = 7


def main(pages: int) -> None:
    import sapo_site.wsgi  # noqa: F401  sets Django up as it is where pages are served

    fill(pages)
    print(f"{f'{pages} sidor':<32}{'ms CPU':>10}{'ms':>10}")
    for name, work in tasks():
        cpu, clock = timed(work)
        print(f"{name:<32}{cpu:>10.1f}{clock:>10.1f}", flush=True)


def fill(pages: int) -> None:
    """Adds pages until there are so many, with a word on five, one on most, and its compounds."""
    from django.db import connection, transaction

    from pages.models import ArticlePage, SearchEntry

    model = ArticlePage.objects.get(slug="kontraspionage")
    there = SearchEntry.objects.filter(page__slug__startswith="sok-").count()
    chance = random.Random(1)  # noqa: S311
    words = sorted({word.lower() for word in model.search_text().split() if word.isalpha()})
    texts = [" ".join(chance.choice(words) for _ in range(_WORDS_OF_TEXT)) for _ in range(_TEXTS)]
    with transaction.atomic():
        for begin in range(there, pages, _AT_A_TIME):
            _add(model, range(begin, min(begin + _AT_A_TIME, pages)), texts, words, chance)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _add(model: Any, numbers: range, texts: list[str], words: list[str], chance: Any) -> None:
    from django.db.models import Max
    from wagtail.models import Page

    from pages.models import SearchEntry
    from pages.search import tokens, vocabulary
    from pages.search.places import place_of_page

    section = model.get_parent()
    first = (Page.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    values = {field.attname: getattr(model, field.attname) for field in model._meta.concrete_fields}
    pages, entries = [], []
    for pk, number in enumerate(numbers, start=first):
        title = f"Sida {number} om {chance.choice(words)}"
        if chance.random() < _IN_TITLE_SHARE:
            title += f" och {COMMON}"
        elif chance.random() < _IN_TITLE_SHARE:
            title += f" i havs{IN_COMPOUNDS}"
        lead = RARE if number < _RARE_PAGES else ""
        text = texts[number % _TEXTS]
        if chance.random() < _COMMON_SHARE:
            text += f" {COMMON}"
        filters = [
            tokens.below(model.path[:8]), tokens.of_kind("nyheter" if number % 3 else "artiklar"),
            tokens.with_topic(number % 20 + 1),
        ]  # fmt: skip
        found = (
            {tokens.A_PAGE, *filters} | _tokens_of(text) | tokens.tokens_of(title, lead, "", "sv")
        )
        day = date(2026, 11, 1) - timedelta(days=chance.randrange(3650))
        entries.append(
            SearchEntry(
                place=place_of_page(pk, day), page_id=pk, tokens=" ".join(sorted(found)),
                filters=" ".join(filters), languages="sv", title=title, text=f"{lead}\n{text}",
            )
        )  # fmt: skip
        pages.append(
            type(model)(
                **values
                | {
                    "id": pk, "page_ptr_id": pk, "title": title, "draft_title": title, "slug": f"sok-{number}",
                    "url_path": f"{section.url_path}sok-{number}/", "numchild": 0,
                    "path": section._get_path(section.path, model.depth, 1_000 + number),
                    "depth": model.depth, "body": "[]",
                    "translation_key": uuid.uuid4(), "latest_revision_id": None,
                    "live_revision_id": None, "changed_on": day,
                }
            )
        )  # fmt: skip
    for start in range(0, len(pages), 100):
        for table in (Page, type(model)):
            table._base_manager.all()._insert(
                pages[start : start + 100], fields=table._meta.local_concrete_fields,
                using=Page.objects.db,
            )  # fmt: skip
    SearchEntry.objects.bulk_create(entries, batch_size=100)
    for entry in entries[:50]:
        vocabulary.change({}, vocabulary.words_of(entry))


_known: dict[str, set[str]] = {}


def _tokens_of(text: str) -> set[str]:
    from pages.search import tokens

    if text not in _known:
        _known[text] = tokens.tokens_of("", "", text, "sv")
    return _known[text]


def tasks() -> Iterator[tuple[str, Callable[[], None]]]:
    """What is timed, by name; each looks at what came of it."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from pages.models import ArticlePage, Topic
    from pages.search.index import write_page

    reader, editor = (Client(headers={"host": "127.0.0.1"}) for _ in range(2))
    editor.force_login(get_user_model().objects.get(username="admin"))
    topic = Topic.objects.filter(locale__language_code="sv").first()

    def get(client: Client, address: str, sentence: str) -> Callable[[], None]:
        def once() -> None:
            response = client.get(address)
            if response.status_code != 200 or sentence not in response.content.decode():
                raise RuntimeError(f"{address}: {response.status_code} utan ”{sentence}”")

        return once

    yield "nothing but the frame", get(reader, "/sok/", "Sök")
    yield "nothing found", get(reader, "/sok/?q=qwzxvq", "Inga träffar på")
    yield "rare word", get(reader, f"/sok/?q={RARE}", "Sida 4")
    yield "common word", get(reader, f"/sok/?q={COMMON}", "träffar på")
    yield "in compounds", get(reader, f"/sok/?q={IN_COMPOUNDS}", "träffar på")
    yield "two words", get(reader, f"/sok/?q={COMMON}+kontraspionage", "träff")
    yield "common word, kind", get(reader, f"/sok/?q={COMMON}&typ=nyheter", "träffar på")
    assert topic is not None
    yield "common word, topic", get(reader, f"/sok/?q={COMMON}&amne={topic.slug}", "träff")
    yield "misspelt", get(reader, "/sok/?q=farvatetn", "Menade du")
    yield "suggestions, three letters", get(reader, "/sok/forslag/?q=far", "url")
    search = "/admin/pages/search/?q="
    yield "CMS, nothing found", get(editor, f"{search}qwzxvq", "qwzxvq")
    yield "CMS, rare word", get(editor, f"{search}{RARE}", "Sida 4")
    yield "CMS, common word", get(editor, f"{search}{COMMON}", "Sida")
    yield "CMS chooser, common word", get(editor, f"/admin/choose-page/search/?q={COMMON}", "Sida")
    article = ArticlePage.objects.get(slug="kontraspionage")

    def write() -> None:
        article.lead = f"Ändrad {uuid.uuid4().hex[:8]}."
        write_page(article)

    yield "the entry of a page, anew", write


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Milliseconds of the processor in this process, and of the clock; after once to warm up."""
    work()
    cpu, clock = [], []
    for _ in range(_REPEATS):
        before = time.thread_time(), time.perf_counter()
        work()
        cpu.append((time.thread_time() - before[0]) * 1000)
        clock.append((time.perf_counter() - before[1]) * 1000)
    return statistics.median(cpu), min(clock)


if __name__ == "__main__":
    main(int(sys.argv[1]))
