"""The page that says 404 offers those that the words of the address are near to."""

import time
from unittest.mock import patch

import pytest
from django.db import DatabaseError

from pages.search import nearest
from pages.store.keeping import kept_until
from tests.factories import ArticlePageFactory, SectionPageFactory


@pytest.fixture(autouse=True)
def _rested():
    nearest.spare.forget()


def _offered(client, address):
    nearest.spare.forget()
    answer = client.get(address)
    assert answer.status_code == 404
    html = answer.content.decode()
    part = html.partition('id="nearest"')[2].partition("</section>")[0]
    return [each.partition('"')[0] for each in part.split('href="')[1:]]


@pytest.fixture
def threat(home):
    section = SectionPageFactory(parent=home, title="Hoten mot Sverige", slug="hoten")
    page = ArticlePageFactory(parent=section, title="Underrättelsehotet", slug="underrattelsehotet")
    page.save_revision().publish()
    return page


def test_a_missing_page_offers_those_that_its_address_speaks_of(client, threat):
    for address in ["/verksamheten/kontraspionage/underrattelsehotet.html", "/Underrattelsehotet/",
         "/a/underrattelsehotet/2019.html", "/download/18.4eb5/Underrattelsehotet-2019.pdf"]:  # fmt: skip
        assert _offered(client, address) == ["/hoten/underrattelsehotet/"]


def test_a_missing_english_page_offers_english_ones(client, english_home, threat):
    page = ArticlePageFactory(
        parent=english_home, title="Counter-espionage", slug="counter", locale=english_home.locale
    )
    page.save_revision().publish()
    assert _offered(client, "/en/what/counter-espionage.html") == ["/en/counter/"]
    nearest.spare.forget()
    assert (
        "Is it one of these you are looking for?"
        in client.get("/en/x/counter-espionage.html").content.decode()
    )


def test_an_address_without_telling_words_offers_nothing(client, threat):
    for address in [
        "/wp-login.php",
        "/.env",
        "/admin-underrattelsehotet.js",
        "/12/34/",
        "/finns/inte/alls/",
    ]:
        assert _offered(client, address) == []


@pytest.mark.parametrize("address", ["/finns-inte/", "/om-det/vad-finns-inte-har.html"])
def test_words_that_every_text_has_lead_to_no_page(client, home, address):
    page = ArticlePageFactory(parent=home, title="Vad finns inte om zebran", slug="sida")
    page.save_revision().publish()
    assert _offered(client, address) == []
    assert _offered(client, "/vad-finns-om-zebran.html") == ["/sida/"]


def test_words_of_the_address_stand_nowhere_on_the_page(client, threat):
    answer = client.get("/hoten/underrattelsehotet-zebrafink-%3Cscript%3E.html")
    assert answer.status_code == 404
    html = answer.content.decode().replace("om=/hoten/", "")
    assert "zebrafink" not in html.partition("<main")[2].partition("</main")[0]


def test_a_flood_of_missing_pages_takes_a_tenth_of_the_time_for_what_is_near(client, threat):
    clock = [100.0]

    def search(*args):
        clock[0] += 0.05
        return []

    with (
        patch.object(nearest, "_pages_with", side_effect=search) as searched,
        patch.object(nearest.time, "monotonic", lambda: clock[0]),
    ):
        for number in range(30):
            clock[0] += 0.05
            answer = client.get(f"/saknas-nummer-{'abcdefghij'[number % 10] * 3}/")
            assert answer.status_code == 404
        assert searched.call_count * 0.05 <= (clock[0] - 100) / 10 + 0.05
    briefly = kept_until(answer)
    assert briefly is not None
    assert briefly < time.time() + 60


def test_the_nearest_pages_are_left_out_while_the_search_fails(client, threat):
    with patch.object(nearest, "_pages_with", side_effect=DatabaseError):
        assert _offered(client, "/underrattelsehotet.html") == []
