"""Fills a database with articles, and times what readers and editors do in it.

Run as a process of its own, `python -m tools.bench.archive PAGES`, in the environment of the
database that is to be filled; prints the figures as JSON. The articles are written in bulk, past
everything that follows a publishing, and indexed afterwards.
"""

import json
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

CHILDREN = 200  # in each section
RARE, COMMON, COMMON_SHARE, IN_TITLE_SHARE = "kvastskaft", "farvatten", 0.8, 0.5
IN_COMPOUNDS, MISSPELT = "vatten", "farvatetn"
TITLE = "Arkivartikel"
_RARE_ARTICLES = 5
_BATCH = 100
_REPEATS = 9
_MOST_SECONDS = 20  # for one figure, however slow it is


def main(pages: int) -> None:
    import sapo_site.wsgi  # noqa: F401  sets Django up as it is where pages are served
    from pages.newsroom.permit import everything_permitted

    with everything_permitted():  # nobody has confirmed what is made up here
        grow(pages)
        figures = {name: timed(work) for name, work in tasks()}
    print(json.dumps(figures))


# Filling


def grow(pages: int) -> None:
    """Adds articles until there are so many of them, below sections of two hundred."""
    from django.core.management import call_command
    from django.db import transaction

    from pages.models import ArticlePage

    chance = random.Random(pages)
    model = ArticlePage.objects.get(slug="kontraspionage")
    words = sorted({word for word in model.search_text().split() if word.isalpha()})
    there = ArticlePage.objects.filter(slug__startswith="arkiv-").count()
    with transaction.atomic():
        archive, topic = _archive()
        for begin in range(there, pages, CHILDREN):
            numbers = range(begin, min(begin + CHILDREN, pages))
            _fill(_section(archive, begin // CHILDREN), numbers, model, topic, words, chance)
    call_command("update_index", verbosity=0)


def _archive() -> tuple[Any, Any]:
    from wagtail.models import Locale, Site

    from pages.models import SectionPage, Topic

    topic, _created = Topic.objects.get_or_create(
        slug="arkivet", locale=Locale.get_default(), defaults={"name": "Arkivet"}
    )
    found = SectionPage.objects.filter(slug="arkivet").first()
    if found is None:
        found = SectionPage(title="Arkivet", slug="arkivet", lead="Allt som har varit.")
        Site.objects.get(is_default_site=True).root_page.add_child(instance=found)
    return found, topic


def _section(archive: Any, number: int) -> Any:
    from pages.models import SectionPage

    section = SectionPage(title=f"Mapp {number}", slug=f"mapp-{number}", lead="En mapp.")
    archive.refresh_from_db()
    return archive.add_child(instance=section)


def _fill(
    section: Any, numbers: range, model: Any, topic: Any, words: list[str], chance: random.Random
) -> None:
    from django.core.management.color import no_style
    from django.db import connection
    from django.db.models import Max
    from wagtail.models import Page, PageLogEntry, ReferenceIndex

    from pages.models import PageTopic

    first = (Page.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    articles = [
        _article(section, number, place, first + place, model, words, chance)
        for place, number in enumerate(numbers)
    ]
    for begin in range(0, len(articles), _BATCH):
        batch = articles[begin : begin + _BATCH]
        for table in (Page, type(model)):
            table._base_manager.all()._insert(
                batch, fields=table._meta.local_concrete_fields, using=Page.objects.db
            )
    PageTopic.objects.bulk_create(
        [
            PageTopic(page_id=article.pk, topic=topic, listed_on=article.changed_on)
            for article in articles
        ]
    )
    PageLogEntry.objects.bulk_create([_published(article) for article in articles])
    for each in ReferenceIndex.objects.filter(object_id=str(model.pk)):
        rows = []
        for article in articles:
            row = ReferenceIndex(
                **{
                    field.attname: getattr(each, field.attname)
                    for field in each._meta.concrete_fields
                    if not field.primary_key
                }
            )
            row.object_id = str(article.pk)
            rows.append(row)
        ReferenceIndex.objects.bulk_create(rows)
    Page.objects.filter(pk=section.pk).update(numchild=len(articles))
    with connection.cursor() as cursor:  # the next page that is made has the next number
        for command in connection.ops.sequence_reset_sql(no_style(), [Page]):
            cursor.execute(command)


def _article(
    section: Any,
    number: int,
    place: int,
    pk: int,
    model: Any,
    words: list[str],
    chance: random.Random,
) -> Any:
    """Another article like the demo's: the same pictures, links and boxes, other words."""
    from django.utils import timezone

    values = {field.attname: getattr(model, field.attname) for field in model._meta.concrete_fields}
    text = [chance.choice(words) for _ in range(250)]
    if chance.random() < COMMON_SHARE:
        text[17] = COMMON
    if chance.random() < IN_TITLE_SHARE:
        text[1] = COMMON
    if number < _RARE_ARTICLES:
        text[3] = RARE
    prose = "".join(
        f"<p>{' '.join(text[at : at + 50]).capitalize()}.</p>" for at in range(0, 250, 50)
    )
    blocks = [
        {**block, "id": str(uuid.UUID(int=chance.getrandbits(128)))}
        for block in model.body.raw_data
        if block["type"] != "prose"
    ]
    blocks.insert(1, {"type": "prose", "value": prose, "id": str(uuid.uuid4())})
    changed = date(2026, 11, 1) - timedelta(days=chance.randrange(3650))
    now = timezone.now()
    title = f"{TITLE} {number} om {text[0].lower()} och {text[1].lower()}"
    return type(model)(
        **values
        | {
            "id": pk, "page_ptr_id": pk, "title": title, "draft_title": title,
            "slug": f"arkiv-{number}", "url_path": f"{section.url_path}arkiv-{number}/",
            "path": section._get_path(section.path, section.depth + 1, place + 1),
            "depth": section.depth + 1, "numchild": 0, "translation_key": uuid.uuid4(),
            "lead": f"{' '.join(text[5:20]).capitalize()}.", "body": json.dumps(blocks),
            "latest_revision_id": None, "live_revision_id": None, "alias_of_id": None,
            "changed_on": changed, "first_published_at": now, "last_published_at": now,
        }
    )  # fmt: skip


def _published(article: Any) -> Any:
    """What the CMS writes in its history."""
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import PageLogEntry

    return PageLogEntry(
        content_type=ContentType.objects.get_for_model(article),
        page_id=article.pk,
        label=article.title,
        action="wagtail.publish",
        timestamp=article.last_published_at,
    )


# Timing


def tasks() -> Iterator[tuple[str, Callable[[], None]]]:
    """What is timed, by name: each does it once and looks at what came of it."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from pages.models import ArticlePage

    articles = ArticlePage.objects.filter(slug__startswith="arkiv-").order_by("pk")
    article = articles[CHILDREN // 2]
    article.save_revision().publish()
    reader, editor, chief = (Client(headers={"host": "127.0.0.1"}) for _ in range(3))
    editor.force_login(get_user_model().objects.get(username="redaktor"))
    chief.force_login(get_user_model().objects.get(username="chefredaktor"))

    def get(client: Client, address: str, sentence: str, times: int = 1) -> Callable[[], None]:
        def once() -> None:
            response = client.get(address)
            text = response.content.decode()
            if response.status_code != 200 or text.count(sentence) < times:
                raise RuntimeError(f"{address}: {response.status_code} utan ”{sentence}”")

        return once

    topic = "/amnen/arkivet/"
    yield "article", get(reader, article.url, article.title)
    yield "start page", get(reader, "/", "Vi skyddar")
    yield "topic, first page", get(reader, topic, TITLE, 10)
    yield "topic, last page", get(reader, f"{topic}?sida=1000000", TITLE)
    yield "search, rare word", get(reader, f"/sok/?q={RARE}", TITLE, _RARE_ARTICLES)
    common = f"/sok/?q={COMMON}"
    yield "search, common word", get(reader, common, TITLE, 10)
    yield "search, common word, of a kind", get(reader, f"{common}&typ=artiklar", TITLE, 10)
    yield "search, common word, on a topic", get(reader, f"{common}&amne=arkivet", TITLE, 10)
    yield "search, two words", get(reader, f"{common}+{TITLE}", TITLE, 10)
    yield "search, part of compounds", get(reader, f"/sok/?q={IN_COMPOUNDS}", TITLE, 5)
    yield "search, misspelt word", get(reader, f"/sok/?q={MISSPELT}", "Visar träffar för")
    yield "search, suggestions", get(reader, f"/sok/forslag/?q={TITLE[:3]}", TITLE)
    yield "sitemap, one file", get(reader, _sitemap(reader), "/arkivet/")
    yield "explorer, a section", get(editor, f"/admin/pages/{article.get_parent().pk}/", TITLE, 10)
    yield "edit", get(editor, f"/admin/pages/{article.pk}/edit/", article.title)
    chooser = f"/admin/choose-page/{article.get_parent().pk}/"
    yield "page chooser", get(editor, chooser, TITLE, 10)
    choose, search = "/admin/choose-page/search/?q=", "/admin/pages/search/?q="
    yield "page chooser, common word", get(editor, f"{choose}{COMMON}", TITLE, 10)
    yield "CMS search, rare word", get(editor, f"{search}{RARE}", TITLE, _RARE_ARTICLES)
    yield "CMS search, common word", get(editor, f"{search}{COMMON}", TITLE, 10)
    reports = "/admin/reports"
    yield "site history", get(chief, f"{reports}/site-history/", TITLE)
    yield "aging pages", get(chief, f"{reports}/aging-pages/", "Artikelsida", 10)
    yield "page types", get(chief, f"{reports}/page-types-usage/", "Artikelsida")

    def publish() -> None:
        page = ArticlePage.objects.get(pk=article.pk)
        page.lead = f"Ändrad {uuid.uuid4()}."
        page.save_revision().publish()
        if ArticlePage.objects.get(pk=article.pk).lead != page.lead:
            raise RuntimeError("publiceringen syns inte")

    yield "publish", publish


def _sitemap(reader: Any) -> str:
    """The file that most pages are in, where there is one for each fifty thousand."""
    import re
    from urllib.parse import urlsplit

    text = reader.get("/sitemap.xml").content.decode()
    if "<sitemapindex" not in text:
        return "/sitemap.xml"
    parts = urlsplit(re.findall(r"<loc>([^<]+)</loc>", text)[0])
    return f"{parts.path}?{parts.query}".rstrip("?")


def timed(work: Callable[[], None]) -> dict[str, float]:
    """Milliseconds: of the processor in this process, and of the clock; after once to warm up."""
    started = time.monotonic()
    cpu, wall = [], []
    while len(wall) <= _REPEATS and time.monotonic() - started < _MOST_SECONDS:
        before = time.thread_time(), time.perf_counter()
        work()
        cpu.append((time.thread_time() - before[0]) * 1000)
        wall.append((time.perf_counter() - before[1]) * 1000)
    warm = slice(1, None) if len(wall) > 1 else slice(None)
    return {"cpu_ms": statistics.median(cpu[warm]), "wall_ms": min(wall[warm])}


if __name__ == "__main__":
    main(int(sys.argv[1]))
