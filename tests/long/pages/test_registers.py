"""What tests/integration/pages/test_registers.py says, in more cases."""

import re

from wagtail.models import Locale

from cooperation.models import Partner
from pages.content.models import Contact, CookieNotice, Topic
from pages.search.models import Recommendation, Synonym
from tests.integration.pages import test_registers as first
from tests.integration.pages.test_registers import _row

article = first.article


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
