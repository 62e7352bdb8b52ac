"""What tests/integration/pages/test_registers.py says, in more cases."""

import json
import re
from importlib import import_module

import pytest
from django.apps import apps
from wagtail.models import Locale, Revision

from cooperation.models import Partner
from pages.content.models import Contact, CookieNotice, Footer, PageTopic, Topic
from pages.search.models import Recommendation, Synonym
from sapo_site.models import AccessibilityDeviation
from tests.integration.pages import test_registers as first
from tests.integration.pages.test_registers import READ, _row

article = first.article

LATER = (AccessibilityDeviation,)  # has had versions from its first row on
MIGRATIONS = (
    "pages.migrations.0007_registers_have_versions",
    "cooperation.migrations.0003_partners_have_versions",
)


def _name(model):
    return model.__name__


@pytest.mark.parametrize("model", [each for each in READ if each not in LATER], ids=_name)
def test_the_upgrade_gives_what_is_live_the_version_that_wagtail_would(article, model):
    row = _row(model, article)
    if model is Footer:
        row.social_links = [("account", {"name": "Linkedin", "url": "https://example.org/"})]
    row.save()
    migrations = [import_module(name) for name in MIGRATIONS]
    for migration in migrations:
        migration.give_versions(apps, None)
    row.refresh_from_db()
    revision = row.live_revision
    assert revision == row.latest_revision == row.get_latest_revision()
    assert row.first_published_at == row.last_published_at == revision.created_at
    expected = row.serializable_data() | dict.fromkeys(
        ("first_published_at", "last_published_at", "latest_revision", "live_revision")
    )
    written = Revision(
        content=expected, content_object=row, base_content_type=revision.content_type
    )
    written.save()
    written.refresh_from_db()
    assert _plain(revision.content) == _plain(written.content)
    written.delete()

    draft = _row(model, article, words="utkast", live=False)
    draft.save()
    draft.save_revision(clean=False)
    if model is Topic:
        PageTopic.objects.create(page=article, topic=draft)
    for migration in migrations:
        migration.take_versions_away(apps, None)
    assert list(model.objects.all()) == [row]
    assert not Revision.objects.for_instance(row).exists()


def _plain(content):
    return {
        key: json.loads(value) if str(value).startswith("[") else value
        for key, value in content.items()
    }


def test_autosave_overwrites_no_published_version(article, chief_editor):
    row = _row(Contact, article, live=False)
    row.save()
    published = row.save_revision(user=chief_editor)
    published.publish()
    row.refresh_from_db()
    row.name = "Ändrat"
    draft = row.save_revision(user=chief_editor, overwrite_revision=published)
    assert draft.pk != published.pk
    assert row.save_revision(user=chief_editor, overwrite_revision=draft).pk == draft.pk


def test_a_preview_shows_also_what_is_hardly_begun(rf, article):
    for row in (Topic(locale=article.locale), Recommendation(), Synonym(), Contact(), Partner()):
        assert row.make_preview_request(rf.get("/")).status_code == 200


def test_the_list_of_cookie_notices_says_in_swedish_which_is_shown(client, editor, home):
    CookieNotice.objects.filter(locale=Locale.get_default()).delete()
    CookieNotice(heading="Kakor", text="T", button="Ja", locale=Locale.get_default()).save()
    client.force_login(editor)
    html = client.get("/admin/snippets/content/cookienotice/").content.decode()
    assert "Kakor" in html
    assert not re.search(r">\s*(True|False)\s*<", html)
