"""The search finds pages by what the contact boxes on them say."""

import pytest

from tests.factories import ArticlePageFactory, ContactFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def find(client, section):
    contact = ContactFactory(
        name="Presstjänsten", phone="010-568 79 00", email="press@sapo.example"
    )
    page = ArticlePageFactory(parent=section, title="För journalister", body=[("contact", contact)])

    def found(typed):
        response = client.get("/sok/", {"q": typed})
        return contact, page, [hit.url for hit in response.context["results"]]

    return found


def test_a_page_is_found_by_the_contact_on_it_however_its_number_is_written(find):
    for typed in ["0105687900", "010 568 79 00", "+46105687900", "presstjänsten"]:
        _contact, page, urls = find(typed)
        assert urls == [page.url]


def test_a_page_is_found_by_the_new_number_when_the_contact_has_changed(find):
    contact, page, _urls = find("presstjänsten")
    contact.phone = "010-568 11 22"
    contact.save()
    assert find("0105681122")[2] == [page.url]
    assert page.url not in find("0105687900")[2][:1]


def test_a_contact_that_readers_do_not_see_finds_nothing(find):
    contact, page, _urls = find("presstjänsten")
    contact.live = False
    contact.save()
    assert page.url not in find("0105687900")[2]
