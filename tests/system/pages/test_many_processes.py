"""Two services for visitors, one for editors and the job that writes the edition, behind nginx.

On PostgreSQL, with the users and rights of an installation. What is published in one
process is met in the others; one that dies and a database that is gone are not noticed by readers.
"""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.pace import until
from tests.postgres import ROOT

from .installation import ARTICLE, PUBLIC, Installation, two_for_visitors
from .outages import hanging

# As editors do in bulk, and another at the same time: pages with the same word, and others beside it.
_PUBLISH_TOGETHER = """
import sys, threading, time, uuid
import django
django.setup()
from django.db import connection, transaction
from pages.content.models import ArticlePage, SectionPage
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
    with two_for_visitors() as site:
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
    """The policy that nginx adds on the visitors' name (docs/decisions/0051)."""
    text = (ROOT / "deploy" / "nginx-shield.conf").read_text()
    (policy,) = re.findall(r'"(.+)"', text)
    return set(policy.replace("$scheme://$http_host", f"https://{PUBLIC}").split("; "))


def test_a_reader_of_whom_we_know_something_is_answered_by_the_service(site):
    for headers in ({"Cookie": "__Host-kakmeddelande=stangt"}, {"Cookie": "a=b; __Host-session=x"}):
        assert "Accept-Ranges" not in site.ask(ARTICLE, **headers)[2]
    assert "Accept-Ranges" not in site.ask(f"{ARTICLE}?sida=2")[2]
    # Its file is there again within seconds of what was last published.
    until(lambda: "Accept-Ranges" in site.ask(ARTICLE, Cookie="_ga=1")[2])


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
        assert site.ask(path)[:2] == site.ask(path, service="public1")[:2]
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


def test_what_is_published_in_one_process_is_met_in_all_others(site):
    for number in range(2):
        title = f"Samverkan, version {number}"
        site.publish(title)
        for service in ("public1", "public2", "editorial", ""):
            until(lambda s=service, t=title: t in site.ask(ARTICLE, service=s)[1])


@pytest.mark.parametrize(("same", "live"), [("the same word", 3), ("the same page", 2)])
def test_two_who_publish_the_same_at_the_same_time_both_get_through(site, same, live):
    said = site.run(_PUBLISH_TOGETHER, same)
    assert "deadlock" not in said
    assert f"live: {live}" in said


def test_no_reader_meets_the_old_page_once_a_new_one_was_met(site):
    """Nginx takes turns between two services and the edition: none may fall back."""
    site.publish("Före")
    until(lambda: site.edition_has(ARTICLE, "Före"))
    site.publish("Efteråt")
    until(lambda: all("Efteråt" in site.ask(ARTICLE, service=s)[1] for s in ("public1", "public2")))
    assert all("Efteråt" in site.ask(ARTICLE)[1] for _ in range(50))
    until(lambda: site.edition_has(ARTICLE, "Efteråt"))
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


def test_what_is_withdrawn_is_gone_for_all(site):
    site.publish("Samverkan")
    until(lambda: site.edition_has(ARTICLE, "Samverkan"))
    site.unpublish()
    until(lambda: site.ask(ARTICLE)[0] == 410)
    for service in ("public1", "public2", "editorial"):
        until(lambda s=service: site.ask(ARTICLE, service=s)[0] == 410)
    site.publish("Samverkan")
    until(lambda: site.edition_has(ARTICLE, "Samverkan"))


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
        for path in paths * 10:
            assert site.ask(path, service="public1")[:2] == (200, before[path])
            assert site.ask(path)[1] == before[path]
    finally:
        site.server.start()
    until(lambda: site.ask("/sok/?q=samverkan")[0] == 200)
    site.publish("Efter avbrottet")
    for service in ("public1", "public2"):
        until(lambda s=service: "Efter avbrottet" in site.ask(ARTICLE, service=s)[1])


# Outages


@contextmanager
def _without_database(site: Installation) -> Iterator[None]:
    site.server.stop()
    try:
        yield
    finally:
        site.server.start()
        for service in site.processes.keys() - {"edition"}:
            until(lambda s=service: site.ask("/sok/?q=samverkan", service=s)[0] == 200)


def _end(site: Installation, *services: str) -> None:
    for name in services:
        site.end(name)
        site.front.socket(name).unlink(missing_ok=True)


@pytest.mark.fault("database gone")
def test_after_a_publication_the_last_whole_edition_stands_without_database_and_job(site):
    whole = site.folder / "var" / "edition" / "current" / "whole"
    until(whole.exists)
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
def test_who_searches_or_logs_in_is_told_of_an_outage_and_the_log_has_two_lines_of_it(site):
    said = len(site.log("public1"))
    with _without_database(site):
        searches = {site.ask(f"/sok/?q=ord{n}", service="public1")[0] for n in range(20)}
        assert searches == {503}
        assert site.ask("/halsa/", service="public1")[0] == 200
        # The form itself asks no database: it stands until the service has noticed.
        until(lambda: site.ask("/admin/login/", service="editorial")[0] == 503)
        for path in ("/admin/login/", "/admin/"):
            status, text, headers = site.ask(path, service="editorial")
            assert (status, headers["Retry-After"]) == (503, "30")
            assert "Redaktionsverktyget kan inte svara" in text
    until(lambda: "answers again" in site.log("public1")[said:])
    lines = site.log("public1")[said:].splitlines()
    assert [line.partition("watch ")[2] for line in lines] == [
        "The database does not answer: pages stand as they were",
        "The database answers again",
    ]


@pytest.mark.fault("database hangs")
def test_a_database_that_hangs_holds_no_reader_and_its_service_is_not_ready(site):
    # A machine under load may have taken the database for gone a moment ago.
    until(lambda: site.ask("/sok/?q=hajar", service="public1")[0] == 200)
    with hanging(site.server):
        assert {site.ask(f"/sok/?q=hajar{n}", service="public1")[0] for n in range(8)} == {503}
        assert site.ask("/halsa/", service="public1")[0] == 200
        until(lambda: site.ask("/halsa/redo/", service="public1")[:2] == (503, "inte redo"))
    until(lambda: site.ask("/halsa/redo/", service="public1")[0] == 200)
    until(lambda: site.ask("/sok/?q=hajarna", service="public1")[0] == 200)


# Last, since it leaves the site without its article and its services.
def test_what_is_withdrawn_does_not_come_back_in_an_outage(site):
    """From the edition that was whole before, nor from the memory of a service that had it."""
    other = "/verksamheten/artikel-1/"
    assert site.ask(ARTICLE, service="public1")[0] == site.ask(other, service="public1")[0] == 200
    site.unpublish()
    until(lambda: site.ask(ARTICLE, service="public1")[0] == 410)
    with _without_database(site):
        for service in ("", "public1"):
            assert site.ask(ARTICLE, service=service)[0] == 503
            assert site.ask(other, service=service)[0] == 200
        _end(site, "public1")
        assert site.ask(ARTICLE)[0] == 502
        assert site.ask(other)[0] == 200
