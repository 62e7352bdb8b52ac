"""A link whose key nobody could have chosen, sent by hand, harms nobody but its author."""

import json

import pytest
from django.urls import reverse
from wagtail.models import ReferenceIndex
from wagtail.test.utils.form_data import nested_form_data, streamfield

from pages.content.models import ArticlePage
from pages.library.models import SiteDocument
from pages.library.public_storage import is_served
from pages.newsroom.companions import companion_digests
from pages.newsroom.served_files import serve_what_is_public
from pages.newsroom.waivers import RedFindingsLeft
from tests.factories import ArticlePageFactory, SiteDocumentFactory
from tests.newsroom import publish_by_two

pytestmark = pytest.mark.django_db

# How the key of the file is written: `int` reads the first two as it, a column none of them.
WAYS = [" {}", "0_{}", "{}.0", "abc", "²", "9" * 30]


def _written(kind, key):
    block = {
        "key": "abcde", "text": "Checklistan följer.", "type": "unstyled", "depth": 0,
        "inlineStyleRanges": [], "data": {},
        "entityRanges": [{"offset": 0, "length": 11, "key": 0}],
    }  # fmt: skip
    link = {"type": kind, "mutability": "MUTABLE", "data": {"id": key}}
    return json.dumps({"blocks": [block], "entityMap": {"0": link}})


def _save(client, page, text):
    form = nested_form_data(
        {
            "title": page.title, "slug": page.slug, "lead": page.lead, "image": streamfield([]),
            "body": streamfield([("prose", text)]), "aside": streamfield([]),
            "related": streamfield([]), "search_description": "", "listing_text": "",
            "seo_title": "", "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
        }
    )  # fmt: skip
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form | {"topics": []})


@pytest.fixture
def draft(section):
    return ArticlePageFactory(parent=section, title="Valet", slug="valet", live=False)


def test_a_link_to_what_nobody_can_choose_keeps_its_words_only(client, editor, draft):
    file = SiteDocumentFactory(title="Checklista")
    client.force_login(editor)

    for kind in ["DOCUMENT", "LINK"]:
        for way in WAYS:
            assert _save(client, draft, _written(kind, way.format(file.pk))).status_code == 302

            (block,) = (
                ArticlePage.objects.get(pk=draft.pk).get_latest_revision_as_object().body.raw_data
            )
            assert block["value"] == '<p data-block-key="abcde">Checklistan följer.</p>'
            assert (
                client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).status_code == 200
            )


def test_such_a_link_that_came_another_way_opens_no_file_and_stops_nobody(
    draft, editor, chief_editor
):
    """From an import, or by who may write to the database."""
    file = SiteDocumentFactory(title="Checklista")
    for way in WAYS:
        link = f'<p><a linktype="document" id="{way.format(file.pk)}">Checklistan</a></p>'
        draft.body = json.dumps([{"type": "prose", "value": link, "id": "2"}])
        draft.save()
        draft.save_revision(user=editor)

        assert not ReferenceIndex.get_references_for_object(draft).exists()
        assert companion_digests(draft) == {}
        with pytest.raises(RedFindingsLeft):
            publish_by_two(draft, editor, chief_editor)
        assert serve_what_is_public() == (0, 0)
        assert not is_served(SiteDocument.objects.get().file.name)
        assert not ArticlePage.objects.get(pk=draft.pk).live
