"""Nothing of the website can be made private: the CMS does not offer what nothing would keep."""

import pytest
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from tests.factories import ArticlePageFactory

_PRIVATE = {"restriction_type": "login"}


@pytest.fixture
def collection() -> Collection:
    return Collection.get_first_root_node().add_child(name="Internt")


def test_the_cms_offers_no_privacy_for_pages_or_collections(client, admin, section, collection):
    client.force_login(admin)
    page = ArticlePageFactory(parent=section)
    for shown in (
        f"/admin/pages/{page.pk}/edit/",
        f"/admin/pages/{section.pk}/",
        f"/admin/pages/add/content/articlepage/{section.pk}/",
        f"/admin/collections/{collection.pk}/",
    ):
        html = client.get(shown).content.decode()
        for word in ("/privacy/", "set-privacy", "Åtkomst"):
            assert word not in html, (shown, word)


def test_neither_page_nor_collection_can_be_made_private(client, admin, section, collection):
    client.force_login(admin)
    for address, answer in (
        (f"/admin/pages/{section.pk}/privacy/", 302),
        (f"/admin/collections/{collection.pk}/privacy/", 404),
    ):
        assert client.get(address).status_code == answer
        assert client.post(address, _PRIVATE).status_code == answer
    assert not PageViewRestriction.objects.exists()
    assert not CollectionViewRestriction.objects.exists()
