"""Nothing of the website can be made private: the CMS does not offer what nothing would keep."""

import pytest
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from pages.library.public_storage import public_storage
from tests.factories import ArticlePageFactory, SiteDocumentFactory
from tests.guarding import look_away

_PRIVATE = {"restriction_type": "login"}


@pytest.fixture
def collection() -> Collection:
    return Collection.get_first_root_node().add_child(name="Internt")


def _names() -> list[str]:
    found = run_checks(tags=["database"], databases=["default"])
    return [each.msg for each in found if each.id == "sapo_site.W001"]


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
    for address in (
        f"/admin/pages/{section.pk}/privacy/",
        f"/admin/collections/{collection.pk}/privacy/",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, _PRIVATE).status_code == 404
    assert not PageViewRestriction.objects.exists()
    assert not CollectionViewRestriction.objects.exists()


def test_what_was_once_marked_is_named_and_its_files_are_not_handed_out(
    client, section, collection
):
    assert _names() == []
    file = SiteDocumentFactory(file=ContentFile(b"x", name="internt.txt"), collection=collection)
    public_storage().take(file.file.name)
    assert client.get(file.url).status_code == 200
    look_away()  # the file's request goes on until the file has been read

    PageViewRestriction.objects.create(page=section, **_PRIVATE)
    CollectionViewRestriction.objects.create(collection=collection, **_PRIVATE)

    page, files = _names()
    assert f"sidan ”{section.title}” är märkt som sluten men kan läsas av alla" in page
    assert "samlingen ”Internt” är märkt som sluten men kan läsas av alla" in files
    assert client.get(file.url).status_code == 404
