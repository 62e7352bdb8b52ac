"""Two persons have confirmed exactly what becomes public."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import PageLogEntry

from pages.content.models import ArticlePage
from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
from pages.newsroom import gate
from pages.newsroom.companions import companion_digests
from pages.newsroom.digest import (
    Compared,
    compared,
    digest_of_act,
    digest_of_version,
    key_of,
    kind_of,
)
from pages.newsroom.file_acts import propose_change
from pages.newsroom.gate import (
    NotConfirmed,
    carry_out,
    end_confirmations,
    put_out_on_ground,
    write_confirmation,
)
from pages.newsroom.models import Approval, Confirmation, Ending, Proposal, Publication, Submission
from pages.newsroom.rule import (
    Change,
    Verdict,
    change_of,
    change_of_revision,
    verdict,
    word_of,
    would_hold,
)
from pages.newsroom.submissions import Result, Seen, confirm, open_submission_of, send
from pages.newsroom.workflow import publish_nothing
from tests.factories import ArticlePageFactory, SiteDocumentFactory, SiteImageFactory
from tests.newsroom import approved_by_two, confirm_sent, live_digest_of, page_with, publish_by_two

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(section):
    return ArticlePageFactory(parent=section, title="Valet", live=False)


def written(page, title, user):
    page.title = title
    return page.save_revision(user=user)


def stored(page):
    return ArticlePage.objects.get(pk=page.pk)


def test_two_editors_are_not_enough_and_one_chief_counts_once(
    article, editor, another_editor, chief_editor
):
    send(editor, [written(article, "Valet", editor)])
    submission = open_submission_of(article)

    both = confirm_sent(another_editor, submission)
    assert (both.result, both.needs_chief) == (Result.WAITING, True)
    assert confirm_sent(editor, submission).result is Result.SAME_PERSON
    assert not stored(article).live

    assert confirm_sent(chief_editor, submission).result is Result.PUBLISHED
    assert confirm_sent(chief_editor, submission).result is Result.ALREADY


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
        confirm_sent(admin, open_submission_of(article))


def test_text_set_back_to_the_letter_is_confirmed_again(article, editor, chief_editor):
    send(editor, [written(article, "Valet", editor)])
    send(chief_editor, [written(stored(article), "Valet!", chief_editor)])
    back = send(chief_editor, [written(stored(article), "Valet", chief_editor)])

    assert back.result is Result.PUBLISHED


def test_a_publication_uses_other_confirmations_up(article, editor, chief_editor, another_chief):
    send(editor, [written(article, "Ett", editor)])
    send(chief_editor, [written(stored(article), "Två", chief_editor)])
    confirm_sent(another_chief, open_submission_of(article))
    assert stored(article).title == "Två"

    assert [*Ending.objects.values_list("by", "why")] == [(another_chief.pk, "used_up")] * 3
    again = send(chief_editor, [written(stored(article), "Ett", chief_editor)])
    assert again.result is Result.WAITING


def test_the_record_says_what_is_public_and_on_whose_word(article, editor, chief_editor):
    send(editor, [written(article, "Valet", editor)])
    confirm_sent(chief_editor, open_submission_of(article))

    publication = Publication.objects.get()
    assert publication.live_digest == publication.approval.digest
    assert publication.revision == stored(article).live_revision
    assert compared(publication.revision, stored(article)) == Compared((), ())
    pair = Confirmation.objects.filter(pk__in=publication.approval.confirmations)
    assert {each.person for each in pair} == {editor, chief_editor}
    assert open_submission_of(article) is None
    assert Submission.objects.get().outcome == "published"
    assert stored(article).current_workflow_state is None


def _row(stored, *left_out):
    """What a row of the record says, besides when, its own number, and its seals."""
    never = {"id", "at", "former", "hash", "made_at", "decided_at", *left_out}
    return {
        field.attname: getattr(stored, field.attname)
        for field in stored._meta.concrete_fields
        if field.attname not in never
    }


def test_every_column_of_the_record_says_what_was_decided(article, editor, chief_editor):
    sent = send(editor, [written(article, "Valet", editor)]).submission
    before = timezone.now()
    confirm_sent(chief_editor, sent)
    sent.refresh_from_db()
    article = stored(article)
    of_it = {"kind": "article", "key": str(article.pk), "recipe": 1}
    digest = digest_of_version(article.live_revision, article)
    approval, publication = Approval.objects.get(), Publication.objects.get()

    assert [_row(each) for each in Confirmation.objects.order_by("pk")] == [
        {
            **of_it, "person_id": person.pk, "person_name": person.username, "as_chief": is_chief,
            "digest": digest, "along": {}, "reasons": {}, "way": way,
            "submission_id": sent.pk,
        }
        for person, is_chief, way in ((editor, False, "sent"), (chief_editor, True, "confirmed"))
    ]  # fmt: skip
    assert _row(approval) == {
        **of_it, "digest": digest, "ground": "two", "reason": "", "proposal_id": None, "due_at": None,
        "confirmations": list(Confirmation.objects.order_by("pk").values_list("pk", flat=True)),
        "submission_id": sent.pk, "revision_id": article.live_revision_id,
    }  # fmt: skip
    assert _row(publication) == {
        **of_it, "approval_id": approval.pk, "revision_id": article.live_revision_id,
        "live_digest": digest, "title": "Valet", "how": "published",
        "carried_from_id": None, "migration": "",
    }  # fmt: skip
    assert (sent.outcome, sent.closed_by, sent.closing_note) == ("published", chief_editor, "")
    assert PageLogEntry.objects.get(action="wagtail.publish").user == chief_editor
    assert before <= approval.decided_at <= sent.closed_at <= timezone.now()


@pytest.mark.parametrize("ground", ["emergency", "demo"])
def test_what_goes_out_on_another_ground_says_which_and_why(
    article, chief_editor, settings, ground
):
    settings.DEMO = False
    revision = written(article, "Valet", chief_editor)
    word = write_confirmation(
        chief_editor, change_of_revision(revision), Confirmation.Way.EMERGENCY
    )
    given = (revision, ground, chief_editor, "Det brinner.", [word])
    if ground == "demo":
        with pytest.raises(NotConfirmed):
            put_out_on_ground(*given)
        settings.DEMO = True
    approval = put_out_on_ground(*given)

    assert _row(approval) == {
        "kind": "article", "key": str(article.pk), "digest": digest_of_version(revision, article),
        "recipe": 1, "ground": ground, "reason": "Det brinner.", "proposal_id": None, "due_at": None,
        "confirmations": [word.pk], "submission_id": None, "revision_id": revision.pk,
    }  # fmt: skip
    assert stored(article).live


def test_what_is_not_what_was_approved_does_not_go_out(article, editor, chief_editor):
    revision = written(article, "Valet", editor)
    sent = send(editor, [revision]).submission
    item = sent.items.get()
    otherwise = Approval.objects.create(
        kind=item.kind, key=item.key, digest="0" * 64, ground="two", revision=revision
    )
    with pytest.raises(NotConfirmed) as refused:
        carry_out(otherwise, chief_editor)
    assert refused.value.messages == [str(refused.value)]
    approval = Approval.objects.create(
        kind=item.kind, key=item.key, digest=item.digest, ground="two", revision=revision
    )
    with (  # such as when what it refers to is gone, and Wagtail stores it without
        patch.object(gate, "compared", return_value=Compared(("image",), ())),
        pytest.raises(NotConfirmed, match="”Valet” har ändrats"),
    ):
        carry_out(approval, chief_editor)
    assert str(refused.value) == "”Valet” har ändrats sedan den godkändes."
    assert not stored(article).live
    assert (
        NotConfirmed().sentence
        == "Det här har inte godkänts av två personer. Skicka det för godkännande."
    )


def test_a_change_is_known_by_all_that_it_says_and_by_what_goes_along(section):
    page = page_with(section, SiteImageFactory(), SiteDocumentFactory(), title="Valet")
    change = change_of_revision(page.save_revision())
    assert (change.companions, len(change.companions), change.version) == (
        companion_digests(page),
        2,
        page,
    )
    for file in ("", "ny.txt"):
        act = Proposal(act="move", kind="article", key="7", parameters={"to": 1}, file=file)
        digest = digest_of_act("move", "article", "7", {"to": 1, "file": file})
        assert change_of(act) == Change("article", "7", digest)


CHANGE = Change("article", "7", "a" * 64, {"image:1": "new"})


def _word(person, change=CHANGE, **more):
    return write_confirmation(person, change, Confirmation.Way.CONFIRMED, **more)


def test_a_confirmation_of_something_else_or_ended_is_not_counted(editor, chief_editor):
    now = timezone.now()
    for other in ({"kind": "news"}, {"key": "8"}, {"digest": "b" * 64}):
        for person in (editor, chief_editor):
            _word(person, replace(CHANGE, **other))
    ended = [_word(person) for person in (editor, chief_editor)]
    assert verdict(CHANGE, now).sufficient == tuple(ended)
    chief_editor.groups.clear()
    assert verdict(CHANGE, now).confirmations == (ended[0],)
    some = Confirmation.objects.filter(pk__in=[each.pk for each in ended])
    assert end_confirmations(some, Ending.Why.TAKEN_BACK, editor) == 2
    assert end_confirmations(some, Ending.Why.LAPSED) == 0
    assert {(each.by, each.why) for each in Ending.objects.all()} == {(editor, "taken_back")}
    assert verdict(CHANGE, now) == Verdict("article", (), needs_chief=True)


def test_what_went_along_otherwise_or_is_red_without_a_reason_is_told_and_not_counted(
    editor, chief_editor, another_editor, another_chief
):
    now, name = timezone.now(), "image:1"
    old = replace(CHANGE, companions={name: "old"})
    _word(editor, old)
    _word(another_editor, old)
    first = verdict(CHANGE, now)
    assert first.exchanged == {name: (editor.username, another_editor.username)}
    assert (first.confirmations, first.holds, first.needs_chief) == ((), False, True)

    mine = _word(editor)
    second = verdict(CHANGE, now)
    assert second.exchanged == {name: (another_editor.username,)}
    assert (second.confirmations, second.sufficient, second.needs_chief) == ((mine,), (), True)
    assert [second.is_confirmed_by(each) for each in (editor, another_editor)] == [True, False]
    assert would_hold(second, word_of(chief_editor), now)
    assert not would_hold(second, word_of(another_editor), now)
    assert not would_hold(second, word_of(editor), now)

    assert verdict(CHANGE, now, ["red"]).without_reason == (editor, another_editor)
    reasoned = _word(editor, reasons={"red": "Så är det."})
    third = verdict(CHANGE, now, ["red"])
    assert (third.confirmations, third.without_reason) == ((reasoned,), (another_editor,))
    theirs = _word(chief_editor, reasons={"red": "Ja."})
    fourth = verdict(CHANGE, now, ["red"])
    assert (fourth.sufficient, fourth.exchanged) == ((reasoned, theirs), second.exchanged)
    assert would_hold(fourth, word_of(another_editor), now)
    assert not verdict(CHANGE, now, ["red", "redder"]).holds

    editor.groups.set([Group.objects.get(name=CHIEF_EDITORS)])
    assert not verdict(CHANGE, now, ["red"]).is_confirmed_by(editor)
    assert would_hold(third, word_of(another_chief), now)


def test_an_act_uses_up_the_words_on_it_and_notes_when_it_was_done(editor, chief_editor):
    act = propose_change(SiteImageFactory(), {"title": "Vallokalen"}, None, editor)
    change = change_of(act)
    _word(editor, replace(change, digest="b" * 64))
    others = [_word(editor, replace(change, **other)) for other in ({"kind": "x"}, {"key": "0"})]
    before = timezone.now()
    approved_by_two(editor, chief_editor, act)

    act.refresh_from_db()
    assert before <= act.carried_out_at <= timezone.now()
    assert [*Confirmation.objects.filter(ending=None)] == others
    ended = Ending.objects.values_list("by", "why")
    assert [*ended] == [(chief_editor.pk, "used_up")] * 3


def test_what_goes_along_goes_out_as_it_was_confirmed_and_not_otherwise(
    section, editor, chief_editor
):
    picture, file = SiteImageFactory(title="Vallokal"), SiteDocumentFactory(title="Checklista")
    revision = page_with(section, picture, file, title="Valet").save_revision()
    change = change_of_revision(revision)
    approval = Approval.objects.create(
        kind=change.kind, key=change.key, digest=change.digest, ground="two", revision=revision,
        confirmations=[_word(person, change).pk for person in (editor, chief_editor)],
    )  # fmt: skip
    for obj, name in ((picture, "”Vallokal”"), (file, "”Checklista”")):
        before, obj.description = obj.description, "Ny"
        obj.save()
        with pytest.raises(NotConfirmed, match=f"{name} byttes efter att {editor.username} "):
            carry_out(approval, chief_editor)
        obj.description = before
        obj.save()

    with patch.object(gate, "permitted", wraps=gate.permitted) as opened:
        published = carry_out(approval, chief_editor)
    [[named]] = [call.args for call in opened.call_args_list]
    assert (kind_of(named), key_of(named)) == (change.kind, change.key)
    assert published.live_digest == change.digest
    assert {(each.title, each.approval) for each in Publication.objects.all()} == {
        (title, approval) for title in ("Vallokal", "Checklista", "Valet")
    }


def test_what_is_public_already_gets_its_ground_and_readers_meet_no_change(
    article, editor, chief_editor
):
    publish_by_two(article, editor, chief_editor)
    first, live = Publication.objects.get(), article.live_revision
    _word(editor, Change(first.kind, first.key, "b" * 64))
    approval = Approval.objects.create(
        kind=first.kind, key=first.key, digest=first.approval.digest, ground="two", revision=live
    )
    second = carry_out(approval, chief_editor)

    assert second.approval == approval
    assert _row(second, "approval_id") == _row(first, "approval_id")
    assert PageLogEntry.objects.filter(action="wagtail.publish").count() == 1
    assert stored(article).last_published_at == article.last_published_at
    assert {each.by for each in Ending.objects.all()} == {chief_editor}
    assert not Confirmation.objects.filter(ending=None)


def test_a_moved_start_time_is_another_content(article, editor, chief_editor):
    article.go_live_at = timezone.now() + timedelta(hours=1)
    send(editor, [written(article, "Valet", editor)])
    outcome = confirm_sent(chief_editor, open_submission_of(article))
    assert outcome.result is Result.SCHEDULED
    before = Approval.objects.get().digest
    article.go_live_at += timedelta(minutes=1)
    assert digest_of_version(article.save_revision(user=editor), article) != before
    assert live_digest_of(article) == live_digest_of(stored(article))
    assert not stored(article).live


def test_a_start_time_just_after_a_second_is_the_same_once_it_is_stored(article, editor):
    article.go_live_at = (timezone.now() + timedelta(hours=1)).replace(microsecond=512)
    version = article.save_revision(user=editor)
    before = digest_of_version(version, article)
    version.refresh_from_db()
    assert digest_of_version(version, article) == before
    assert compared(version, version.as_object()) == Compared((), ())


def test_workflow_of_wagtail_publishes_nothing():
    assert publish_nothing(None) is None


def test_the_open_word_of_a_chief_who_is_one_no_more_is_not_that_of_a_chief(
    article, chief_editor, editor
):
    send(chief_editor, [written(article, "Valet", chief_editor)])
    chief_editor.groups.set([Group.objects.get(name=EDITORS)])

    outcome = confirm_sent(editor, open_submission_of(article))

    assert (outcome.result, outcome.needs_chief) == (Result.WAITING, True)
    assert not stored(article).live
