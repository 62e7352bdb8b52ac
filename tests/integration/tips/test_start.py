"""What a person reads before a tip, and how to reach the agency without the form."""

import re

import pytest
from bs4 import BeautifulSoup

from tips.wording.texts import BUILT_IN

PATHS = {"sv": "/tipsa/", "en": "/en/tipsa/"}


def page(client: object, path: str = "/tipsa/") -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser")


def words(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text(" ").split())


def test_page_leads_to_the_form_at_its_top_and_end_with_the_telephones_between(client, tip_channel):
    links = [link["href"] for link in page(client).main.find_all("a")]
    assert links[:4] == ["/tipsa/formular/", "tel:112", "tel:11414", "tel:+46105687000"]
    assert links[-1] == "/tipsa/formular/"


def test_page_says_all_that_a_tipster_must_know(client, tip_channel, subtests):
    for language, path in PATHS.items():
        with subtests.test(language=language):
            soup = page(client, path)
            assert soup.html["lang"] == language
            assert soup.h1.get_text() == BUILT_IN[language]["start_heading"]
            said = words(soup)
            for key in (
                "urgent", "police", "telephone", "device_and_network", "anonymity",
                "official_document", "classified", "afterwards",
            ):  # fmt: skip
                assert " ".join(BUILT_IN[language][key].split()) in said.replace("00 .", "00."), key


def test_page_says_in_swedish_what_cannot_be_promised(client, tip_channel):
    said = words(page(client))
    assert "Vi kan ändå inte lova att du förblir anonym." in said
    assert "Ditt tips blir en allmän handling hos oss." in said
    assert "Ring 112 om någon är i fara" in said
    headings = [heading.get_text() for heading in page(client).find_all("h2")]
    assert headings == [
        "Ring om det är bråttom", "Tänk på din egen säkerhet", "Vem får veta vem du är?",
        "Tipset blir en allmän handling", "Skicka inga hemliga handlingar",
        "Vad som händer med ditt tips",
    ]  # fmt: skip


def test_page_is_found_by_its_name_and_in_both_languages(client, tip_channel):
    soup = page(client)
    assert soup.title.get_text() == "Tipsa oss – Säkerhetspolisen"
    assert soup.find("link", rel="canonical")["href"] == "/tipsa/"
    assert not soup.find("meta", attrs={"name": "robots"})
    assert soup.find("nav", class_="languages").a["href"] == "/en/tipsa/"
    assert page(client, "/en/tipsa/").find("nav", class_="languages").a["href"] == "/tipsa/"


def test_quick_exit_is_a_link_that_says_nothing_of_where_one_comes_from(client, tip_channel):
    link = page(client).find("a", string="Lämna sidan snabbt")
    assert link["href"] == "https://www.smhi.se/"
    assert link["rel"] == ["noreferrer"]
    assert "webbläsarens historik visar ändå att du har varit här" in words(page(client))


@pytest.mark.django_db
def test_page_asks_neither_the_page_tree_nor_any_other_table(
    client, tip_channel, django_assert_num_queries
):
    with django_assert_num_queries(0):
        page(client)


def test_page_asks_no_other_host_and_holds_no_style_or_script_of_its_own(client, tip_channel):
    soup = page(client)
    asked = [
        tag.get("src") or tag.get("href") for tag in soup.find_all(["link", "script", "img"])
        if tag.get("rel") != ["canonical"]
    ]  # fmt: skip
    assert all(address.startswith("/static/") for address in asked)
    assert not soup.find("style")
    assert not soup.find(style=True)
    assert not [tag for tag in soup.find_all("script") if tag.string]
    assert not [tag for tag in soup.find_all() if any(re.match("on", name) for name in tag.attrs)]
