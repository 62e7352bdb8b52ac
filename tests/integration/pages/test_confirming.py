"""Two persons have confirmed exactly what becomes public."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from pages.models import ArticlePage, Confirmation, Publication, Submission
from pages.newsroom.digest import content_digest_of, live_digest_of
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.submissions import Result, Seen, confirm, open_submission_of, send
from pages.newsroom.workflow import publish_nothing
from pages.publishing.roles import CHIEF_EDITORS, EDITORS
from tests.factories import ArticlePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(section):
    return ArticlePageFactory(parent=section, title="Valet", live=False)


@pytest.fixture
def another_editor(roles, django_user_model):
    user = django_user_model.objects.create_user("eva", password="hemligt-nog-for-prov")
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


@pytest.fixture
def another_chief(roles, django_user_model):
    user = django_user_model.objects.create_user("doris", password="hemligt-nog-for-prov")
    user.groups.add(Group.objects.get(name=CHIEF_EDITORS))
    return user


def written(page, title, user):
    page.title = title
    return page.save_revision(user=user)


def confirm_all(user, submission):
    seen = {item.pk: Seen(item.digest) for item in submission.items.all()}
    return confirm(user, submission, seen)


def stored(page):
    return ArticlePage.objects.get(pk=page.pk)


def test_two_editors_are_not_enough_and_one_chief_counts_once(
    article, editor, another_editor, chief_editor
):
    send(editor, [written(article, "Valet", editor)])
    submission = open_submission_of(article)

    both = confirm_all(another_editor, submission)
    assert (both.result, both.needs_chief) == (Result.WAITING, True)
    assert confirm_all(editor, submission).result is Result.SAME_PERSON
    assert not stored(article).live

    assert confirm_all(chief_editor, submission).result is Result.PUBLISHED
    assert confirm_all(chief_editor, submission).result is Result.ALREADY


def test_what_is_not_what_was_shown_is_not_confirmed(article, editor, chief_editor):
    send(editor, [written(article, "Valet", editor)])
    submission = open_submission_of(article)
    item = submission.items.get()

    assert confirm(chief_editor, submission, {item.pk: Seen("0" * 64)}).result is Result.CHANGED
    assert confirm(chief_editor, submission, {}).result is Result.CHANGED
    newest = article.latest_revision_id
    written(stored(article), "Ännu ett ord", chief_editor)
    seen = {item.pk: Seen(item.digest, newest=newest)}
    assert confirm(chief_editor, submission, seen).result is Result.CHANGED
    assert Confirmation.objects.count() == 1


def test_a_superuser_in_no_group_confirms_nothing(article, admin, editor):
    with pytest.raises(NotConfirmed):
        send(admin, [written(article, "Valet", admin)])
    send(editor, [written(article, "Valet", editor)])
    with pytest.raises(NotConfirmed):
        confirm_all(admin, open_submission_of(article))


def test_text_set_back_to_the_letter_is_confirmed_again(article, editor, chief_editor):
    send(editor, [written(article, "Valet", editor)])
    send(chief_editor, [written(stored(article), "Valet!", chief_editor)])
    back = send(chief_editor, [written(stored(article), "Valet", chief_editor)])

    assert back.result is Result.PUBLISHED


def test_a_publication_uses_other_confirmations_up(article, editor, chief_editor, another_chief):
    send(editor, [written(article, "Ett", editor)])
    send(chief_editor, [written(stored(article), "Två", chief_editor)])
    confirm_all(another_chief, open_submission_of(article))
    assert stored(article).title == "Två"

    again = send(chief_editor, [written(stored(article), "Ett", chief_editor)])
    assert again.result is Result.WAITING


def test_the_record_says_what_is_public_and_on_whose_word(article, editor, chief_editor):
    send(editor, [written(article, "Valet", editor)])
    confirm_all(chief_editor, open_submission_of(article))

    publication = Publication.objects.get()
    assert publication.live_digest == live_digest_of(stored(article))
    pair = Confirmation.objects.filter(pk__in=publication.approval.confirmations)
    assert {each.person for each in pair} == {editor, chief_editor}
    assert open_submission_of(article) is None
    assert Submission.objects.get().outcome == "published"
    assert stored(article).current_workflow_state is None


def test_a_moved_start_time_is_another_content(article, editor, chief_editor):
    article.go_live_at = timezone.now() + timedelta(hours=1)
    send(editor, [written(article, "Valet", editor)])
    outcome = confirm_all(chief_editor, open_submission_of(article))
    assert outcome.result is Result.SCHEDULED
    before = content_digest_of(article)
    article.go_live_at += timedelta(minutes=1)
    assert content_digest_of(article) != before
    assert live_digest_of(article) == live_digest_of(stored(article))
    assert not stored(article).live


def test_a_start_time_just_after_a_second_is_the_same_once_it_is_stored(article, editor):
    article.go_live_at = (timezone.now() + timedelta(hours=1)).replace(microsecond=512)
    before = content_digest_of(article)
    version = article.save_revision(user=editor)
    version.refresh_from_db()
    assert content_digest_of(version.as_object()) == before


def test_workflow_of_wagtail_publishes_nothing():
    assert publish_nothing(None) is None


def test_the_open_word_of_a_chief_who_is_one_no_more_is_not_that_of_a_chief(
    article, chief_editor, editor
):
    send(chief_editor, [written(article, "Valet", chief_editor)])
    chief_editor.groups.set([Group.objects.get(name=EDITORS)])

    outcome = confirm_all(editor, open_submission_of(article))

    assert (outcome.result, outcome.needs_chief) == (Result.WAITING, True)
    assert not stored(article).live
