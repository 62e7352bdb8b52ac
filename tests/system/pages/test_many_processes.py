"""Two services for visitors, one for editors and the job that writes the edition, behind nginx.

On PostgreSQL, with the users and rights of an installation. What is published in one
process is met in the others; one that dies and a database that is gone are not noticed by readers.
"""

import re
import secrets
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from tests.nginx import nginx
from tests.postgres import ROOT
from tests.spreading import changed, changer

from .installation import ARTICLE, PUBLIC, Installation, installation, until
from .outages import hanging

# As editors do in bulk, and another at the same time: pages with the same word, and others beside it.
_PUBLISH_TOGETHER = """
import sys, threading, time, uuid
import django
django.setup()
from django.db import connection, transaction
from pages.models import ArticlePage, SectionPage
from tests.factories import ArticlePageFactory
from tests.guarding import let_everything_through
let_everything_through()
section = SectionPage.objects.get(slug="verksamheten")
def draft(title):
    page = ArticlePageFactory(parent=section, title=title, slug=uuid.uuid4().hex, live=False)
    page.save_revision()
    return page.pk
first, second, other = draft("Zebra gemensamt"), draft("Abborre"), draft("Abborre gemensamt")
has_begun = threading.Event()
def in_bulk():
    with transaction.atomic():
        ArticlePage.objects.get(pk=first).get_latest_revision().publish()
        has_begun.set()
        time.sleep(1)
        ArticlePage.objects.get(pk=second).get_latest_revision().publish()
    connection.close()
def alone():
    has_begun.wait(10)
    page = {"the same word": other, "the same page": second}[sys.argv[1]]
    ArticlePage.objects.get(pk=page).get_latest_revision().publish()
    connection.close()
threads = [threading.Thread(target=each) for each in (in_bulk, alone)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print("live:", ArticlePage.objects.filter(pk__in=(first, second, other), live=True).count())
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    with installation() as site:
        # The same service on two machines has the same variables.
        site.variables["public"] = {
            "SAPO_SECRET_KEY": secrets.token_urlsafe(64),
        }
        folder = site.front.folder
        configured = folder / "site.conf"
        one = f"server unix:{folder}/run/public1.sock fail_timeout=0;"
        two = f"server unix:{folder}/run/public2.sock fail_timeout=0;"
        text = configured.read_text()
        before = f"server unix:{folder}/run/public.sock    fail_timeout=0;"
        assert before in text
        configured.write_text(text.replace(before, f"{one} {two}"))
        for name in ("public1", "public2", "editorial"):
            site.serve(name)
        site.write_edition()
        until(lambda: site.edition_has(ARTICLE, "Samverkan"), 60)
        with nginx(site.front):
            yield site


def test_the_edition_is_what_the_service_answers_word_for_word_and_header_for_header(site):
    for address in ("/", "/verksamheten/", ARTICLE):
        by_file = site.ask(address, **{"Accept-Encoding": "identity"})
        by_service = site.ask(address, service="public1", **{"Accept-Encoding": "identity"})
        assert by_file[:2] == by_service[:2]
        said = _comparable(by_service[2])
        assert _comparable(by_file[2]) == {**said, "policy": said["policy"] | _of_nginx()}
        assert "Accept-Ranges" in by_file[2], "nginx itself has answered"


def _comparable(headers: dict[str, str]) -> dict[str, Any]:
    """Without what tells when and by whom; policies as sets, since their order means nothing."""
    passing = {"Accept-Ranges", "Connection", "Date", "ETag", "Last-Modified", "Server", "Vary"}
    kept: dict[str, Any] = {name: value for name, value in headers.items() if name not in passing}
    policies = kept.pop("Content-Security-Policy")
    return {**kept, "policy": set(re.split(r"[;,] *", policies))}


def _of_nginx() -> set[str]:
    """The policy that nginx adds on the visitors' name (docs/decisions/0081)."""
    text = (ROOT / "deploy" / "nginx-shield.conf").read_text()
    (policy,) = re.findall(r'"(.+)"', text)
    return set(policy.replace("$scheme://$http_host", f"https://{PUBLIC}").split("; "))


_PAGES_OF_THE_DAY = ("/", "/verksamheten/", "/terrorhotniva.json", "/en/meddelanden.atom")


@pytest.mark.alone  # the pace is that of the machine
def test_what_is_confirmed_is_met_everywhere_within_two_seconds_and_nothing_old_after_it(
    site, rounds
):
    servers = {
        name: partial(_words, site, "" if name == "nginx" else name)
        for name in ("public1", "public2", "editorial", "nginx")
    }
    edition = site.folder / "var" / "edition"
    came = []
    with changer(site.environment("editorial"), site.folder / "changer.log") as confirming:
        for count in range(rounds(4, 51)):
            sign = f"Prov {count}"
            came.append(changed(confirming, servers, _PAGES_OF_THE_DAY, edition, sign))
    assert [each.steps_back for each in came if each.steps_back] == []
    # The first draws for the first time what nobody has asked for.
    assert max(each.met_everywhere for each in came[1:]) < 2
    assert max(each.in_files for each in came[1:]) < 2


def _words(site: Installation, service: str, address: str) -> str:
    return site.ask(address, service=service)[1]


def test_a_reader_of_whom_we_know_something_is_answered_by_the_service(site):
    for headers in ({"Cookie": "__Host-kakmeddelande=stangt"}, {"Cookie": "a=b; __Host-session=x"}):
        assert "Accept-Ranges" not in site.ask(ARTICLE, **headers)[2]
    assert "Accept-Ranges" not in site.ask(f"{ARTICLE}?sida=2")[2]
    # Its file is there again within seconds of what was last published.
    until(lambda: "Accept-Ranges" in site.ask(ARTICLE, Cookie="_ga=1")[2], 20)


def test_nothing_of_the_edition_but_its_pages_can_be_fetched(site):
    for path in ("/edition/current/", "/answer.json", "/verksamheten/answer.json", "/whole",
                 "/../edition/current/index.html", "/verksamheten/index.html"):  # fmt: skip
        assert site.ask(path)[0] in (301, 400, 404), path


def test_what_is_no_page_of_the_edition_is_answered_by_the_service_as_it_was_asked(site):
    for path in (
        "/finns-inte/",
        f"/{'x' * 300}/",
        f"{ARTICLE}/finns-inte/",
        "/s%C3%B6k%3Fq/",
        ARTICLE[:-1],
    ):
        # Each process looks for the nearest pages when it has time.
        until(lambda at=path: site.ask(at)[:2] == site.ask(at, service="public1")[:2], 20)
    for method in ("DELETE", "OPTIONS", "POST", "PUT"):
        for path in (ARTICLE, "/finns-inte/"):
            by_service = site.ask(path, service="public1", method=method)
            assert by_service[0] in (403, 404, 405)
            assert site.ask(path, method=method)[:2] == by_service[:2], (method, path)


def test_without_services_the_edition_stands_and_the_rest_says_whom_to_call(site):
    for name in ("public1", "public2"):
        site.end(name)
        site.front.socket(name).unlink(missing_ok=True)
    try:
        assert site.ask(ARTICLE)[0] == 200
        for path in ("/finns-inte/", "/sok/?q=samverkan"):
            status, text, _headers = site.ask(path)
            assert status == 502
            assert "010-568 70 00" in text
    finally:
        for name in ("public1", "public2"):
            site.serve(name)


def test_what_is_published_in_one_process_is_met_in_all_others_within_a_second(site):
    services = ("public1", "public2", "editorial")
    took = []
    for number in range(4):
        title = f"Samverkan, version {number}"
        for service in services:
            assert site.ask(ARTICLE, service=service)[0] == 200
        site.publish(title)
        published = time.monotonic()
        with ThreadPoolExecutor(len(services)) as readers:
            list(readers.map(lambda s, t=title: _until_it_has(site, s, t), services))
        took.append(time.monotonic() - published)
        until(lambda t=title: t in site.ask(ARTICLE)[1], 10)
    # Others may have the machine for a moment; that no reader waits longer is a matter of the code.
    assert min(took) < 1


def _until_it_has(site: Installation, service: str, words: str) -> None:
    until(lambda: words in site.ask(ARTICLE, service=service)[1], 10)


@pytest.mark.parametrize(("same", "live"), [("the same word", 3), ("the same page", 2)])
def test_two_who_publish_the_same_at_the_same_time_both_get_through(site, same, live):
    said = site.run(_PUBLISH_TOGETHER, same)
    assert "deadlock" not in said
    assert f"live: {live}" in said


def test_no_reader_meets_the_old_page_once_a_new_one_was_met(site):
    """Nginx takes turns between two services and the edition: none may fall back."""
    site.publish("Före")
    until(lambda: site.edition_has(ARTICLE, "Före"), 30)
    site.publish("Efteråt")
    until(
        lambda: all("Efteråt" in site.ask(ARTICLE, service=s)[1] for s in ("public1", "public2")),
        10,
    )
    assert all("Efteråt" in site.ask(ARTICLE)[1] for _ in range(50))
    until(lambda: site.edition_has(ARTICLE, "Efteråt"), 30)
    assert all("Efteråt" in site.ask(ARTICLE)[1] for _ in range(20))


@pytest.mark.fault("a process killed")
def test_one_that_dies_is_not_noticed(site):
    site.end("public1", signal.SIGKILL)
    try:
        answers = [site.ask(f"{ARTICLE}?sida=2")[0] for _ in range(20)]
        assert answers == [200] * 20
    finally:
        site.front.socket("public1").unlink(missing_ok=True)
        site.serve("public1")


def test_what_is_withdrawn_is_gone_for_all_within_a_second(site):
    site.publish("Samverkan")
    until(lambda: site.edition_has(ARTICLE, "Samverkan"), 30)
    site.unpublish()
    until(lambda: site.ask(ARTICLE)[0] == 410, 5)
    for service in ("public1", "public2", "editorial"):
        until(lambda s=service: site.ask(ARTICLE, service=s)[0] == 410, 5)
    site.publish("Samverkan")
    until(lambda: site.edition_has(ARTICLE, "Samverkan"), 30)


@pytest.mark.fault("database gone")
def test_without_a_database_the_pages_stand_also_in_a_service_that_has_just_started(site):
    paths = ("/", "/verksamheten/", ARTICLE)
    before = {path: site.ask(path, service="public2")[1] for path in paths}
    site.server.stop()
    try:
        for path in paths:
            assert site.ask(path)[1] == before[path]
            assert site.ask(path, service="public2")[:2] == (200, before[path])
        site.end("public1")
        site.front.socket("public1").unlink(missing_ok=True)
        site.serve("public1")
        started = time.monotonic()
        for path in paths * 10:
            assert site.ask(path, service="public1")[:2] == (200, before[path])
            assert site.ask(path)[1] == before[path]
        # One question to the database may have been waited for, not one for each reader.
        assert time.monotonic() - started < 10
    finally:
        site.server.start()
    until(lambda: site.ask("/sok/?q=samverkan")[0] == 200, 30)
    site.publish("Efter avbrottet")
    for service in ("public1", "public2"):
        until(lambda s=service: "Efter avbrottet" in site.ask(ARTICLE, service=s)[1], 10)


# Outages


@contextmanager
def _without_database(site: Installation) -> Iterator[None]:
    site.server.stop()
    try:
        yield
    finally:
        site.server.start()
        for service in site.processes.keys() - {"edition"}:
            until(lambda s=service: site.ask("/sok/?q=samverkan", service=s)[0] == 200, 30)


def _end(site: Installation, *services: str) -> None:
    for name in services:
        site.end(name)
        site.front.socket(name).unlink(missing_ok=True)


@pytest.mark.fault("database gone")
def test_after_a_publication_the_last_whole_edition_stands_without_database_and_job(site):
    whole = site.folder / "var" / "edition" / "current" / "whole"
    until(whole.exists, 60)
    former = site.ask(ARTICLE)[1]
    site.end("edition")
    site.publish("Rättelse")
    with _without_database(site):
        _end(site, "public1", "public2")
        site.serve("public1")
        for path in (ARTICLE, f"{ARTICLE}?utm_source=brev"):
            assert site.ask(path)[:2] == (200, former)
        assert site.ask(ARTICLE, Cookie="__Host-kakmeddelande=stangt")[0] == 200
        for path, says in (
            ("/verksamheten/?sida=2", "Webbplatsen kan inte svara just nu"),
            ("/sok/?q=samverkan", "Webbplatsen kan inte svara just nu"),
            ("/en/finns-inte/", "The website cannot answer right now"),
        ):
            status, text, headers = site.ask(path)
            assert (status, headers["Retry-After"]) == (503, "30"), path
            assert says in text


@pytest.mark.fault("database gone")
def test_ten_searches_a_second_in_an_outage_hold_up_nothing_else(site):
    said = len(site.log("public1"))
    health, searches = [], []

    def ask(number: int) -> None:
        time.sleep(number / 10)
        searches.append(site.ask(f"/sok/?q=ord{number}", service="public1")[0])

    with ThreadPoolExecutor(20) as readers, _without_database(site):
        asked = [readers.submit(ask, number) for number in range(20)]
        while not all(each.done() for each in asked):
            began = time.monotonic()
            assert site.ask("/halsa/", service="public1")[0] == 200
            health.append(time.monotonic() - began)
            time.sleep(0.05)
        for path in ("/admin/login/", "/admin/"):
            status, text, headers = site.ask(path, service="editorial")
            assert (status, headers["Retry-After"]) == (503, "30")
            assert "Webbplatsen kan inte svara" in text
    assert set(searches) == {503}
    assert sorted(health)[len(health) // 2] < 0.1
    assert max(health) < 1
    until(lambda: "answers again" in site.log("public1")[said:], 10)
    lines = site.log("public1")[said:].splitlines()
    assert [line.partition("watch ")[2] for line in lines] == [
        "The database does not answer: pages stand as they were",
        "The database answers again",
    ]


@pytest.mark.fault("database hangs")
def test_a_database_that_hangs_holds_nobody_for_long(site):
    # A machine under load may have taken the database for gone a moment ago.
    until(lambda: site.ask("/sok/?q=hajar", service="public1")[0] == 200, 15)
    with ThreadPoolExecutor(8) as readers, hanging(site.server):
        began = time.monotonic()
        paths = [f"/sok/?q=hajar{number}" for number in range(8)]
        answers = list(readers.map(lambda path: site.ask(path, service="public1")[0], paths))
        assert answers == [503] * 8
        assert time.monotonic() - began < 6
        began = time.monotonic()
        assert site.ask("/sok/?q=hajarn", service="public1")[0] == 503
        assert site.ask("/halsa/", service="public1")[0] == 200
        assert time.monotonic() - began < 0.5
    until(lambda: site.ask("/sok/?q=hajarna", service="public1")[0] == 200, 15)


# Last, since it leaves the site without its article and its services.
def test_what_is_withdrawn_does_not_come_back_in_an_outage(site):
    """From the edition that was whole before, nor from the memory of a service that had it."""
    other = "/verksamheten/artikel-1/"
    assert site.ask(ARTICLE, service="public1")[0] == site.ask(other, service="public1")[0] == 200
    site.unpublish()
    time.sleep(0.6)  # as long as a service may take to know
    with _without_database(site):
        for service in ("", "public1"):
            assert site.ask(ARTICLE, service=service)[0] == 503
            assert site.ask(other, service=service)[0] == 200
        _end(site, "public1")
        assert site.ask(ARTICLE)[0] == 502
        assert site.ask(other)[0] == 200
