"""Ways by which one person would reach readers alone, each shut."""

import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction, Revision

from pages.comparing import compare_settings, settings_of
from pages.content.models import ArticlePage, PageTopic
from pages.newsroom import digest, gate, rule
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.emergencies import open_emergencies, put_out_in_emergency, review
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.models import Approval, Confirmation, Review
from pages.newsroom.proposals import make_proposal
from pages.newsroom.submissions import Result, open_submission_of, send
from pages.newsroom.verify import deviations
from pages.search.models import Recommendation
from tests.factories import ArticlePageFactory, SectionPageFactory, TopicFactory
from tests.guarding import guarded
from tests.newsroom import approved_by_two, confirm_all, publish_by_two

pytestmark = pytest.mark.django_db

KEYED = json.dumps([{"type": "prose", "value": '<p data-block-key="k9">Ring 112.</p>', "id": "1"}])
REASON = "Fara för liv och hälsa i hela länet"


@pytest.fixture
def article(section):
    return ArticlePageFactory(
        parent=section, title="Valet", slug="valet", live=False, first_published_at=None
    )


def stored(page):
    return ArticlePage.objects.get(pk=page.pk)


def version(page, user, **changes):
    draft = stored(page).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    return draft.save_revision(user=user)


@pytest.mark.parametrize(
    "more", [' data-block-key="Valet är inställt"', '<p data-block-key="Valet är inställt">']
)
def test_no_word_is_hidden_from_the_digest_in_what_the_editor_draws_itself(
    article, editor, chief_editor, more
):
    publish_by_two(article, editor, chief_editor)

    outcome = send(editor, [version(article, editor, title=f"Valet{more}")])

    assert outcome.result is Result.WAITING
    assert stored(article).title == "Valet"


def prose(words):
    return json.dumps([{"type": "prose", "value": f'<p data-block-key="abcde">{words}</p>'}])


def test_words_in_the_form_of_a_key_are_read_and_so_confirmed(article, editor, chief_editor):
    publish_by_two(article, editor, chief_editor)
    words = 'Ring 112 data-block-key="ANGREPP ingen har godkänt detta" om någon är i fara.'

    outcome = send(editor, [version(article, editor, body=prose(words))])

    assert outcome.result is Result.WAITING
    assert "ANGREPP" not in str(stored(article).body)


def test_two_words_publish_once_whatever_the_digest_says(
    article, editor, chief_editor, monkeypatch
):
    for module in (rule, gate):
        monkeypatch.setattr(module, "digest_of_version", lambda revision, version: "0" * 64)
    publish_by_two(article, editor, chief_editor)
    changed = version(article, editor, title="Ingen har godkänt detta")

    outcome = send(editor, [changed])

    assert (outcome.result, outcome.needs_chief) == (Result.WAITING, True)
    assert stored(article).title == "Valet"


@pytest.mark.parametrize(
    "hide",
    [
        lambda content: content | {"body": content["body"].replace("k9", "ANGREPP")},
        lambda content: content | {"title": "Vale\u0301t"},
        lambda content: content | {"lead": "Ring 112. "},
        lambda content: content | {"body": content["body"].replace('"id": "1"', '"id": "2"')},
        lambda content: content | {"annat": "Okänt"},
        lambda content: {name: content[name] for name in content.keys() - {"lead"}},
        lambda content: content | {"show_in_menus": 0},
    ],
    ids=[
        "key of a block",
        "letter",
        "space",
        "id",
        "another name",
        "a name less",
        "form of a value",
    ],
)
def test_no_byte_of_a_version_is_changed_between_two_words(article, editor, chief_editor, hide):
    draft = version(article, editor, title="Valét", lead="Ring 112.", body=KEYED)
    sent = send(editor, [draft]).submission
    changed = hide(draft.content)
    assert changed != draft.content or changed["show_in_menus"] is not False
    Revision.objects.filter(pk=draft.pk).update(content=changed)

    outcome = confirm_all(chief_editor, article)

    assert (outcome.result, outcome.submission) == (Result.CHANGED, sent)
    assert not stored(article).live


def test_a_version_that_names_what_no_model_has_is_not_published(article, editor, chief_editor):
    """Such as one that waits for its time while a release takes a field away."""
    draft = version(article, editor, title="Valet", go_live_at=timezone.now() + timedelta(days=1))
    Revision.objects.filter(pk=draft.pk).update(content=draft.content | {"ticker": "Nytt"})
    draft.refresh_from_db()
    with pytest.raises(NotConfirmed, match="godkändes för en tidigare utgåva av webbplatsen"):
        approved_by_two(editor, chief_editor, draft)


def test_what_is_public_and_names_what_no_model_has_is_what_was_confirmed(
    article, editor, chief_editor
):
    record_all()
    publish_by_two(article, editor, chief_editor)
    with patch.object(digest, "_serialized", _without_lead):
        told = list(deviations())
    assert not any(each.is_fault for each in told)
    assert "/start/verksamheten/valet/: ”lead” finns inte längre" in map(str, told)


def _without_lead(obj):
    said = obj.serializable_data()
    return {name: said[name] for name in said.keys() - {"lead"}}


def test_two_words_for_a_time_to_come_publish_nothing_meanwhile(article, editor, chief_editor):
    later = timezone.now() + timedelta(days=1)
    first = version(article, editor, go_live_at=later)
    assert approved_by_two(editor, chief_editor, first).result is Result.SCHEDULED

    again = version(article, editor, go_live_at=later)

    assert send(editor, [again]).result is Result.WAITING


def test_an_emergency_and_its_review_are_no_words_for_another_time(article, editor, chief_editor):
    publish_by_two(article, editor, chief_editor)
    alone = version(article, chief_editor, title="Fara")
    [approval] = put_out_in_emergency(chief_editor, [alone], REASON)
    review(editor, approval, Review.Answer.RIGHT)

    again = send(editor, [version(article, editor, title="Fara")])

    assert again.result is Result.WAITING
    assert not Confirmation.objects.filter(ending=None).exclude(submission=again.submission)


def test_the_night_check_finds_words_that_were_used_twice(article, editor, chief_editor):
    record_all()
    publish_by_two(article, editor, chief_editor)
    assert not [*deviations()]
    first = Approval.objects.get(ground="two")

    Approval.objects.create(
        kind=first.kind, key=first.key, digest=first.digest, ground=first.ground,
        confirmations=first.confirmations, revision=first.revision,
    )  # fmt: skip

    [found] = deviations()
    assert found.what == "saknar de två personer som godkände det"


def test_a_review_is_no_word_for_the_same_act_another_time(article, editor, chief_editor):
    publish_by_two(article, editor, chief_editor)
    gone = {"reason": "outdated"}
    send(editor, [make_proposal("withdraw", stored(article), gone, editor)])
    proposal = open_submission_of(article).items.get().proposal
    [approval] = put_out_in_emergency(chief_editor, [proposal], REASON)
    review(editor, approval, Review.Answer.RIGHT)
    approved_by_two(editor, chief_editor, version(article, editor, title="Valet igen"))
    assert stored(article).live

    send(chief_editor, [make_proposal("withdraw", stored(article), gone, chief_editor)])

    assert stored(article).live


def test_a_review_is_no_word_for_what_readers_no_longer_meet(article, editor, chief_editor):
    publish_by_two(article, editor, chief_editor)
    [approval] = put_out_in_emergency(
        chief_editor, [version(article, chief_editor, title="Fara")], REASON
    )
    approved_by_two(editor, chief_editor, version(article, editor, title="Faran över"))
    review(editor, approval, Review.Answer.RIGHT)

    send(chief_editor, [version(article, chief_editor, title="Fara")])

    assert stored(article).title == "Faran över"


def test_the_address_of_a_public_page_does_not_follow_a_draft_above_it(
    section, editor, chief_editor
):
    above = SectionPageFactory(
        parent=section, title="Samverkan", slug="samverkan", live=False, first_published_at=None
    )
    below = ArticlePageFactory(parent=above, slug="valet", live=False, first_published_at=None)
    try:
        publish_by_two(below, editor, chief_editor)
    except (NotConfirmed, ValidationError):
        return
    before = stored(below).url_path
    above.refresh_from_db()

    above.slug = "annat"
    try:
        with guarded():
            above.save()
    except PermissionDenied:
        pass

    assert stored(below).url_path == before


def test_a_page_that_is_moved_is_not_changed_as_the_review_asked_for(
    article, section, home, editor, chief_editor
):
    publish_by_two(article, editor, chief_editor)
    [approval] = put_out_in_emergency(
        chief_editor, [version(article, chief_editor, title="Fara")], REASON
    )
    review(editor, approval, Review.Answer.TO_CHANGE, "Fel ord")

    elsewhere = SectionPageFactory(parent=home, title="Annat", slug="annat")
    move = make_proposal("move", stored(article), {"to": elsewhere.pk}, editor)
    assert approved_by_two(editor, chief_editor, move).result is Result.PUBLISHED

    assert list(open_emergencies()) == [approval]


def test_a_topic_is_not_taken_from_a_public_page_by_giving_it_to_a_draft(
    article, section, editor, chief_editor
):
    topic = TopicFactory(locale=article.locale)
    article.page_topics.add(PageTopic(topic=topic))
    article.save()
    publish_by_two(article, editor, chief_editor)
    row = stored(article).page_topics.get()

    row.page = ArticlePageFactory(parent=section, title="Utkast", live=False)
    with guarded(), pytest.raises(NotConfirmed):
        row.save()


def test_a_recommendation_says_which_of_two_pages_with_one_title_it_shows(section, home):
    one, other = (
        ArticlePageFactory(parent=parent, title="Kontakt", slug="kontakt")
        for parent in (section, home)
    )
    before, after = (settings_of(Recommendation(names="växel", page=page)) for page in (one, other))

    [change] = compare_settings(before, after)

    assert (change.before, change.after) == (
        f"Kontakt ({one.get_url()})", f"Kontakt ({other.get_url()})",
    )  # fmt: skip


def test_nobody_changes_the_address_to_which_a_new_password_is_mailed(client, editor):
    client.force_login(editor)

    page = client.get(reverse("wagtailadmin_account")).content.decode()

    assert 'name="name_email-first_name"' in page
    assert "name_email-email" not in page


def test_nothing_public_is_made_private(section):
    with guarded(), pytest.raises(NotConfirmed):
        PageViewRestriction.objects.create(page=section, restriction_type="login")


def test_the_word_of_one_who_has_no_role_any_more_does_not_count(article, editor, chief_editor):
    send(editor, [version(article, editor, title="Valet")])
    editor.groups.clear()

    assert confirm_all(chief_editor, article).result is Result.WAITING
    assert not stored(article).live
