"""The demo site: what it takes to build, counted, and where its links lead."""

import gzip
import re
from collections.abc import Iterator
from itertools import product
from typing import Any
from unittest.mock import patch
from urllib.parse import urljoin

import lxml.html
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from PIL import Image
from pytest_django import DjangoDbBlocker
from wagtail.models import Page

from pages.checks.findings import Colour
from pages.checks.running import run_checks
from pages.content.models import NewsPage, RegisterEntry, ThreatLevelDecision, Topic
from pages.content.publishing.roles import EDITORS
from pages.content.publishing.stored import STREAMS, WISHES, content_of
from pages.content.tree.address_table import AddressLine, read_table
from pages.library import drawn_filters, upload
from pages.library.models import SiteImage, SiteRendition
from pages.library.upload import PictureFile
from pages.newsroom.companions import files_shown_by
from pages.newsroom.guard import live_objects
from pages.newsroom.served_files import serve_what_is_public
from pages.newsroom.verify import deviations
from sapo_site.answering import emergency_page
from sapo_site.demo import site
from sapo_site.demo.content_files import content_files
from sapo_site.demo.former_websites import FORMER_WEBSITES, text_of_table
from tests.atom import faults_in
from tests.feed_rules import faults_in_json_feed, faults_in_rss
from tests.spoken import faults_for_ears
from tests.untouched import save_untouched

# So that the first start cannot grow unseen, on however busy a machine.
MOST_QUESTIONS = 26_200  # of those, two thousand for the synonyms and recommended pages
PAGES, PICTURES = 112, 9
# Three widths in three formats, and one to share.
RENDITIONS = 10


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The format of each rendition that a child has encoded."""
    formats: list[str] = []
    ask = drawn_filters.ask_child

    def noted(*given: Any) -> Any:
        told = ask(*given)
        assert told
        formats.extend(told["formats"])
        return told

    def drawn_again(*_given: Any) -> None:
        raise AssertionError("a picture of the demo is stored as it is")

    monkeypatch.setattr(drawn_filters, "ask_child", noted)
    monkeypatch.setattr(upload, "ask_child", drawn_again)
    return formats


@pytest.fixture(scope="module")
def questions(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any
) -> Iterator[list[str]]:
    """Builds the demo once, with one small picture for all of its own; the questions it took."""
    small = tmp_path_factory.mktemp("demo") / "liten.webp"
    Image.new("RGB", (40, 30), "#113158").save(small)
    asked: list[str] = []

    def count(execute: Any, sql: str, *others: Any) -> Any:
        asked.append(sql)
        return execute(sql, *others)

    with django_db_blocker.unblock(), transaction.atomic():
        small_pictures = patch.object(site, "picture_file", lambda name: small)
        with small_pictures, connection.execute_wrapper(count):
            site.build_site(lambda text: None)
        yield asked
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_demo_is_built_with_a_known_number_of_questions(questions: list[str]):
    assert Page.objects.live().filter(depth__gt=1).count() == PAGES
    assert SiteImage.objects.count() == PICTURES
    # `serve` lets the others be made when it has begun to answer.
    assert SiteRendition.objects.count() == PICTURES
    assert len(questions) <= MOST_QUESTIONS
    for model in apps.get_models():
        if issubclass(model, RegisterEntry):
            assert not model.objects.filter(live_revision=None).exists(), model


@pytest.mark.django_db
def test_the_check_of_the_night_finds_nothing_in_the_demo(questions: list[str], settings: Any):
    settings.DEMO = True  # nowhere else is the demo a ground
    serve_what_is_public()
    assert [str(each) for each in deviations()] == []


# Former addresses


def _asked_by(line: AddressLine) -> list[str]:
    """What one who follows an old link may ask for: of a pattern, each page here that it leads to."""
    if "*" not in line.new:
        return [line.old.replace("*", "x")]
    before, _star, after = line.new.partition("*")
    paths = (page.url for page in Page.objects.live().filter(depth__gt=2))
    rests = [
        path.removeprefix(before).removesuffix(after) for path in paths if path.startswith(before)
    ]
    return [line.old.replace("*", rest) for rest in rests if rest]


@pytest.mark.django_db
@pytest.mark.parametrize("file", FORMER_WEBSITES.values())
def test_every_former_address_of_the_agency_leads_to_its_page_in_one_step(
    questions: list[str], client: Client, file: str
):
    lines, faults = read_table(text_of_table(file))
    assert faults == []
    asked = {address: line for line in lines for address in _asked_by(line)}
    assert len(asked) > len(lines)
    targets = set()
    for address, line in asked.items():
        answer = client.get(address)
        assert answer.status_code == 301, address
        targets.add(answer["Location"])
        if "*" not in line.old:
            assert answer["Location"] == line.new, address
    for target in targets - {"/tipsa/"}:  # which another service answers
        assert client.get(target).status_code == 200, target


@pytest.mark.django_db
def test_every_page_of_the_demo_is_found_with_the_ending_and_in_the_capitals_of_before(
    questions: list[str], client: Client
):
    for page in Page.objects.live().filter(depth__gt=2):
        for address in (f"{page.url.rstrip('/')}.html", page.url.upper()):
            assert client.get(address).headers.get("Location") == page.url, address


# Links

HOST = "http://testserver"
_ATTRIBUTES = ("href", "src", "poster", "action")
_IN_XML = re.compile(r"(?:href=\"|<loc>|<link>|<guid[^>]*>|<id>)(http[^\"<]+)")


class Crawl:
    """Follows every link of the site, each address once."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.faults: list[str] = []
        self.seen: set[str] = set()
        self.fragments: set[tuple[str, str, str]] = set()  # address, fragment, from where
        self.ids: dict[str, set[str]] = {}
        self.heard: dict[str, list[str]] = {}  # what those stumble over who hear a page
        self.languages: dict[str, dict[str, str]] = {}  # canonical -> language -> address

    def follow(self, *addresses: str) -> None:
        waiting = [(address, "") for address in addresses]
        while waiting:
            address, source = waiting.pop()
            plain, _, fragment = address.partition("#")
            if fragment:
                self.fragments.add((plain, fragment, source))
            if plain not in self.seen:
                self.seen.add(plain)
                waiting += [(link, plain) for link in self._links_of(plain, source)]

    def _links_of(self, address: str, source: str) -> list[str]:
        if address.startswith("/static/"):
            if not finders.find(address.removeprefix("/static/")):
                self.faults.append(f"{address} is missing, from {source}")
            return []
        response = self.client.get(address)
        if response.status_code not in (200, 203):  # decision 0016
            self.faults.append(f"{address} answers {response.status_code}, from {source}")
            return []
        if response.streaming:
            assert any(response.streaming_content)
            return []
        kind, text = response["Content-Type"], response.content.decode()
        if "html" in kind:
            found = self._links_of_page(address, text)
        elif "xml" in kind or address == "/robots.txt":
            found = [*_IN_XML.findall(text), *re.findall(r"Sitemap: (\S+)", text)]
        else:
            found = []
        return [
            absolute.removeprefix(HOST)
            for link in found
            if (absolute := urljoin(HOST + address, link)).startswith(f"{HOST}/")
        ]

    def _links_of_page(self, address: str, text: str) -> list[str]:
        page = lxml.html.document_fromstring(text)
        self.ids[address] = set(page.xpath("//@id"))
        if faults := faults_for_ears(page, address):
            self.heard[address] = faults
        for canonical in page.xpath("//link[@rel='canonical']/@href"):
            self.languages[canonical] = {
                link.get("hreflang"): link.get("href")
                for link in page.xpath("//link[@rel='alternate'][@hreflang]")
            }
        forms = set(page.xpath("//form[@method='post']"))
        links = [
            element.get(name)
            for name in _ATTRIBUTES
            for element in page.xpath(f"//*[@{name}]")
            if element not in forms
        ]
        sets = " , ".join(page.xpath("//@srcset")).split(" , ")
        sized = [each.split()[0] for one in sets for each in one.split(", ") if each.strip()]
        shared = page.xpath("//meta[@property='og:image' or @property='og:url']/@content")
        described = re.findall(r'"(?:url|item)": "([^"]+)"', text)
        return [*links, *sized, *shared, *described]


@pytest.mark.django_db(databases=["default", "tips"])
def test_every_link_of_the_demo_site_leads_somewhere(
    questions: list[str], client: Client, tip_channel: object
):
    serve_what_is_public()
    crawl = Crawl(client)

    crawl.follow("/", "/en/", "/robots.txt", "/finns-inte/")

    assert crawl.faults == ["/finns-inte/ answers 404, from "]
    assert len(crawl.ids) > PAGES
    for page, fragment, source in crawl.fragments:
        assert fragment in crawl.ids.get(page, {fragment}), f"{page}#{fragment}, from {source}"
    # A translation that does not name the page back is worth nothing to search engines.
    for page, others in crawl.languages.items():
        for language, other in others.items():
            assert page in crawl.languages[other].values(), (page, language, other)
    english = [f"{HOST}{file.address}" for file in content_files() if file.locale == "en"]
    assert len(english) > 30
    assert [page for page in english if not {"sv", "en"} <= crawl.languages[page].keys()] == []
    assert crawl.heard == {}
    topics = [f"{HOST}{topic.url}" for topic in Topic.objects.all()]
    assert [page for page in topics if set(crawl.languages[page]) != {"sv", "en"}] == []


@pytest.mark.django_db
def test_the_longest_crisis_page_and_the_level_are_fourteen_kilobytes_in_all(
    questions: list[str], client: Client
):
    """As nginx sends them, the first as it is and the second compressed: over a line that hardly holds."""
    for address in (
        "/hoten-mot-sverige/terrorhotniva/",
        "/en/threats-to-sweden/terrorist-threat-level/",
    ):
        level = client.get(address)
        assert level.status_code == 200
        assert emergency_page.LARGEST_PAGE + len(gzip.compress(level.content)) <= 14_000, address


@pytest.mark.django_db
def test_every_feed_of_the_demo_site_is_valid(questions: list[str], client: Client):
    feeds = ["/nyheter", "/en/nyheter", *(topic.url.rstrip("/") for topic in Topic.objects.all())]
    rules = {
        "rss": ("application/rss+xml", faults_in_rss),
        "atom": ("application/atom+xml", faults_in),
        "json": ("application/feed+json", faults_in_json_feed),
    }
    for address, (form, (kind, faults)) in product(feeds, rules.items()):
        response = client.get(f"{address}.{form}")
        assert response["Content-Type"] == f"{kind}; charset=utf-8"
        assert (address, form, faults(response.content)) == (address, form, [])
    assert len(feeds) > 20
    assert client.get("/terrorhotniva.json").json()["updated_at"] == "2025-05-23T00:00:00+02:00"


@pytest.mark.django_db
def test_the_news_of_the_demo_site_have_the_hours_of_their_files(questions: list[str]):
    assert len({news.published_time[10:] for news in NewsPage.objects.all()}) > 10


@pytest.mark.django_db
def test_a_picture_of_the_demo_is_encoded_once_for_each_of_its_renditions(
    encoded: list[str], django_capture_on_commit_callbacks: Any
):
    file = site.picture_file("kust")
    with django_capture_on_commit_callbacks(execute=True):
        image = SiteImage.objects.create(
            title="Kust", file=PictureFile(ContentFile(file.read_bytes()), file.name)
        )

    assert image.renditions.count() == RENDITIONS
    assert sorted(encoded) == ["avif"] * 3 + ["jpeg"] * 4 + ["webp"] * 3
    assert image.file.open().read() == file.read_bytes()
    assert (image.width, image.file_size) == (1600, file.stat().st_size)
    assert {rendition.width for rendition in image.renditions.all()} == {400, 800, 1200, 1400}


@pytest.mark.django_db
def test_nothing_in_the_demo_has_a_red_finding(questions: list[str]):
    objects = [*live_objects(), *files_shown_by(live_objects())]
    red = [
        (str(obj), each.title, each.words)
        for obj in objects
        for each in run_checks(obj)
        if each.colour is Colour.RED
    ]
    assert len(objects) > PAGES + PICTURES
    assert red == []


# What the page that the site was asked for has, to the letter


@pytest.mark.django_db
def test_the_page_on_cooperation_has_each_part_that_was_asked_for(
    questions: list[str], client: Client
):
    answer = client.get("/om-sakerhetspolisen/samarbete-med-andra/")
    page = lxml.html.fromstring(answer.content)

    def words(*names: str) -> list[str]:
        return [" ".join(each.text_content().split()) for each in page.iter(*names)]

    assert words("h1") == ["Samarbete med andra"]
    headings = words("h2", "h3")
    for heading in ("Nationellt samarbete", "Internationellt samarbete", "Dela denna artikel",
                    "Sociala medier", "Tipsa oss", "Om kakor på webbplatsen"):  # fmt: skip
        assert heading in headings, heading
    links = words("a", "button")
    for link in ("Samverkansrådet", "Nationellt centrum för terrorhotbedömning", "Till tipssidan",
                 "Läs mer om kakor", "Jag förstår", "Kontraterrorism", "Säkerhetsskydd",
                 "Kontraspionage"):  # fmt: skip
        assert any(link in each for each in links), link
    text = " ".join(page.text_content().split())
    assert "Senast ändrad 21 mars 2024" in text
    assert "Telefon: 010-568 70 00" in text
    caption = "Säkerhetspolisen samarbetar och samverkar nära med Polismyndigheten."
    assert caption in words("figcaption")
    [alt] = page.xpath("//figure//img/@alt")
    assert alt.startswith("Två stora cirklar vid ett hav går in i varandra.")
    assert page.xpath("//a[contains(@aria-label, 'till startsidan')]/@href") == ["/", "/"]


def _new_among(seen: set[Any], obj: Any) -> bool:
    """Whether it is the first of its kind, or the first with some kind of block."""
    streams = [name for name in STREAMS if hasattr(obj, name)]
    blocks = {(name, block.block_type) for name in streams for block in getattr(obj, name)}
    met = {type(obj), *blocks}
    is_new = not met <= seen
    seen |= met
    return is_new


@pytest.mark.django_db
def test_what_the_demo_made_is_saved_untouched_as_it_was_made(questions: list[str], client: Client):
    editor = get_user_model().objects.create_user("maja")
    editor.groups.add(Group.objects.get(name=EDITORS))  # those of the demo
    client.force_login(editor)
    seen: set[Any] = {ThreatLevelDecision}  # which nobody changes once it is public
    for obj in [each for each in live_objects() if _new_among(seen, each)]:
        made = content_of(obj.live_revision.content)
        wishes = dict.fromkeys(WISHES & made.keys())
        for _time in range(2):
            saved = content_of(save_untouched(client, editor, obj).content)
            assert saved | wishes == made | wishes, obj
    assert len(seen) > 40
