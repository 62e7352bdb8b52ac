"""Requests that no browser sends: each gets an answer, none gets a 500 or another host."""

from io import BytesIO

import pytest
from wagtail.models import Page, Site

from pages.ground.models import ContentVersion
from pages.library.public_storage import public_storage
from sapo_site.wsgi import Request, SiteHandler
from tests.factories import ArticlePageFactory, SiteDocumentFactory

UNREADABLE_TYPES = [
    "text/plain; x*=bogus''%41",
    "text/plain; charset*=bogus''%41",
    "text/plain; charset*=utf-8''%00",
    "text/plain; charset*=idna''%41",
]


def test_content_type_that_cannot_be_read_counts_as_none(subtests):
    for content_type in UNREADABLE_TYPES:
        with subtests.test(content_type=content_type):
            request = Request(
                {"REQUEST_METHOD": "GET", "wsgi.input": BytesIO(), "CONTENT_TYPE": content_type}
            )
            assert request.content_type == ""
            assert SiteHandler.request_class is Request


def test_a_length_that_is_no_number_counts_as_none(subtests):
    for length in ["x", "²", "9" * 5000, "1.0"]:
        with subtests.test(length=length):
            form = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": length}
            request = Request({"REQUEST_METHOD": "POST", "wsgi.input": BytesIO(b"next=/"), **form})
            assert request.POST.get("next") is None


@pytest.mark.django_db
def test_nul_in_an_address_is_not_found(client, section, subtests):
    for path in ["/a%00b/", "/verksamheten/%00/", "/en/%00/", "/a%00.html"]:
        with subtests.test(path=path):
            assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_former_address_never_leads_to_another_host(client, section):
    response = client.get("/", PATH_INFO="//verksamheten.html")
    assert (response.status_code, response["Location"]) == (301, "/verksamheten/")


def test_a_document_with_a_number_that_no_document_has_is_not_found(client, home, subtests):
    for digits in [20, 5000]:
        with subtests.test(digits=digits):
            assert client.get(f"/dokument/{'9' * digits}/plan.pdf").status_code == 404


@pytest.mark.django_db
def test_name_that_is_too_long_for_a_file_is_not_found(client):
    assert client.get(f"/media/{'a' * 300}").status_code == 404


@pytest.mark.django_db
def test_part_of_a_file_is_sent_as_it_is(client):
    file = SiteDocumentFactory().file
    public_storage().take(file.name)
    response = client.get(file.url, headers={"range": "bytes=0-999", "accept-encoding": "gzip"})
    assert response.status_code == 206
    assert "Content-Encoding" not in response
    assert b"".join(response.streaming_content) == b"x" * 1000


@pytest.mark.django_db
def test_no_shared_cache_keeps_a_missing_page_or_a_search(client, section, english_home, subtests):
    for path in ["/amnen/", "/finns-inte/", "/en/verksamheten/", "/sok/"]:
        with subtests.test(path=path):
            assert "private" in client.get(path)["Cache-Control"]


@pytest.mark.django_db
def test_no_shared_cache_keeps_the_page_of_one_of_whom_we_know_something(client, section, subtests):
    for cookie in ["kakmeddelande=stangt", "sessionid=abc"]:
        with subtests.test(cookie=cookie):
            control = client.get("/", headers={"cookie": cookie})["Cache-Control"]
            assert "private" in control
            assert "public" not in control


@pytest.mark.django_db
def test_a_shared_cache_that_is_told_nothing_keeps_a_page_for_one_second(client, section):
    control = client.get("/")["Cache-Control"]
    assert "public, max-age=0, s-maxage=1, stale-while-revalidate=1" in control


@pytest.mark.django_db
def test_a_start_page_that_another_process_moved_is_found(client, home, section):
    article = ArticlePageFactory(parent=section, slug="samarbete")
    assert client.get("/verksamheten/samarbete/").status_code == 200
    # As another process would: with no signal to this one.
    for page in (home, section, article):
        Page.objects.filter(pk=page.pk).update(url_path=page.url_path.replace("/start/", "/ny/"))
    Page.objects.filter(pk=home.pk).update(slug="ny")
    ContentVersion.raise_version()
    assert 'href="/verksamheten/"' in client.get("/sok/").content.decode()
    Site.clear_site_root_paths_cache()
    Page.objects.filter(pk=home.pk).update(slug="start", url_path="/start/")
    client.get("/sok/")  # remembers where it is now
    Page.objects.filter(pk=home.pk).update(slug="ny", url_path="/ny/")
    assert client.get("/verksamheten/samarbete/").status_code == 200
