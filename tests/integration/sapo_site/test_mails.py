"""The mails of the approval: who did what, in the words of the buttons, with links that work."""

import pytest
from django.core import mail
from wagtail.models import Site

from pages.newsroom.submissions import open_submission_of, return_for_changes, send
from sapo_site.demo.demo_accounts import set_up_accounts
from sapo_site.demo.site import tell_address
from tests.factories import ArticlePageFactory
from tests.newsroom import publish_by_two


def test_wagtail_mails_nobody_of_what_is_sent_or_given_back(
    editor, chief_editor, section, django_capture_on_commit_callbacks
):
    page = ArticlePageFactory(parent=section, title="Samarbete", live=False, owner=editor)
    with django_capture_on_commit_callbacks(execute=True):
        send(editor, [page.save_revision(user=editor)])
        return_for_changes(chief_editor, open_submission_of(page), "Kortare.")
        publish_by_two(page, editor, chief_editor)
    assert page.live
    assert [each.subject for each in mail.outbox if "Samarbete" in each.subject] == []


@pytest.mark.django_db(databases=["default", "tips"])
def test_every_account_of_the_demo_can_be_written_to(
    roles, home, settings, tmp_path, django_user_model
):
    settings.VAR_DIR = tmp_path
    set_up_accounts()
    assert not django_user_model.objects.filter(email="").exists()


def test_addresses_of_pages_in_mails_follow_the_port(home, section, settings):
    settings.WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8123"
    tell_address()
    Site.clear_site_root_paths_cache()
    assert section.full_url == "http://127.0.0.1:8123/verksamheten/"
