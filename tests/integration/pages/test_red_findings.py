"""What is red is not public until both persons have put their names to a reason."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db.models import CharField, EmailField, ForeignKey, SlugField, TextField, URLField
from django.utils import timezone
from wagtail.models import Locale, Page

from pages.content.models import ArticlePage, Contact, PageTopic
from pages.library.models import SiteDocument
from pages.newsroom.due import publish_due
from pages.newsroom.emergencies import put_out_in_emergency
from pages.newsroom.file_acts import propose_change
from pages.newsroom.guard import guarded_models
from pages.newsroom.matching import Seen
from pages.newsroom.models import Confirmation
from pages.newsroom.nightly_findings import tell_what_turned_red
from pages.newsroom.proposals import make_proposal
from pages.newsroom.rule import change_of
from pages.newsroom.submissions import Result, confirm, open_submission_of, send
from pages.newsroom.waivers import Answers, RedFindingsLeft, check_together, said_before
from tests.factories import (
    AlertFactory,
    ArticlePageFactory,
    SiteImageFactory,
    ThreatLevelDecisionFactory,
    TopicFactory,
)
from tests.newsroom import publish_by_two

pytestmark = pytest.mark.django_db

WHY = "Påhittat, se Skatteverkets testnummer."


@pytest.fixture
def article(section):
    return ArticlePageFactory(parent=section, title="Valet", slug="valet", live=False)


@pytest.fixture
def mailed(django_capture_on_commit_callbacks, editor, chief_editor):
    """What is mailed while something is done."""
    for person in (editor, chief_editor):
        person.email = f"{person.username}@example.org"
        person.save()

    def during(do):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            do()
        return list(mail.outbox)

    return during


def written(page, user, lead):
    """What the user writes and saves."""
    page = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    page.lead = lead
    return page.save_revision(user=user)


def reasons(*sendables, why=WHY):
    """A reason for everything red in these, as the sender writes it."""
    checked = check_together(sendables)
    return Answers({each.name_of(found): why for each in checked for found in each.red.values()})


def agreement(item, but):
    """The answer of somebody who has read all reasons that others gave."""
    sendable = item.sendable
    (checked,) = check_together([sendable])
    said = said_before(checked, change_of(sendable), but=but)
    names = {checked.name_of(checked.red[key]): each.mark for key, each in said.items()}
    return Answers(agreed=names)


def confirmed(person, obj, answers=None):
    submission = open_submission_of(obj)
    seen = {item.pk: Seen(item.digest) for item in submission.items.all()}
    return confirm(person, submission, seen, answers=answers)


def is_public(page):
    return type(page).objects.get(pk=page.pk).live


def test_what_is_red_is_not_sent_without_a_reason(article, editor):
    revision = written(article, editor, "TODO: ingress")
    with pytest.raises(RedFindingsLeft) as refused:
        send(editor, [revision])
    assert refused.value.messages == [
        "Publiceringskollen har 1 rött påpekande. Rätta det, eller skriv varför det ska publiceras ändå."
    ]
    assert open_submission_of(article) is None
    assert not Confirmation.objects.exists()


def test_a_reason_of_one_word_is_none(article, editor):
    revision = written(article, editor, "TODO: ingress")
    with pytest.raises(RedFindingsLeft):
        send(editor, [revision], answers=reasons(revision, why="  ok.  "))


def test_the_second_person_agrees_with_the_reason_or_nothing_is_public(
    article, editor, chief_editor
):
    revision = written(article, editor, "TODO: ingress")
    send(editor, [revision], answers=reasons(revision))
    with pytest.raises(RedFindingsLeft):
        confirmed(chief_editor, article)
    assert not is_public(article)

    item = open_submission_of(article).items.get()
    outcome = confirmed(chief_editor, article, agreement(item, chief_editor))
    assert outcome.result is Result.PUBLISHED
    assert is_public(article)
    assert [list(each.reasons.values()) for each in Confirmation.objects.order_by("pk")] == [
        [WHY], [WHY]
    ]  # fmt: skip


def test_to_agree_with_other_words_than_the_ones_given_is_not_to_agree(
    article, editor, chief_editor
):
    revision = written(article, editor, "TODO: ingress")
    send(editor, [revision], answers=reasons(revision))
    item = open_submission_of(article).items.get()
    forged = dict.fromkeys(agreement(item, chief_editor).agreed, "0" * 12)
    with pytest.raises(RedFindingsLeft):
        confirmed(chief_editor, article, Answers(agreed=forged))


def test_a_reason_holds_for_these_words_alone(article, editor, chief_editor):
    first = written(article, editor, "TODO: ingress")
    answers = reasons(first)
    send(editor, [first], answers=answers)
    other = written(article, editor, "XXX")
    with pytest.raises(RedFindingsLeft):
        send(editor, [other], answers=answers)


def test_what_turns_red_after_it_was_sent_both_must_waive(
    article, section, editor, chief_editor, mailed
):
    target = ArticlePageFactory(parent=section, title="Målet", slug="malet", live=False)
    target.page_topics.add(PageTopic(topic=TopicFactory()))
    publish_by_two(target, editor, chief_editor)
    page = ArticlePage.objects.get(pk=article.pk)
    page.body = [("prose", f'<p>Läs <a linktype="page" id="{target.pk}">mer om valet</a>.</p>')]
    send(editor, [page.save_revision(user=editor)])
    away = make_proposal("withdraw", target, {"reason": "outdated"}, editor)
    send(editor, [away])
    withdrawal = away.item.submission
    confirm(chief_editor, withdrawal, {away.item.pk: Seen(away.item.digest)})

    with pytest.raises(RedFindingsLeft):
        confirmed(chief_editor, article)
    revision = open_submission_of(article).items.get().revision
    mail.outbox.clear()
    outcome = confirmed(
        chief_editor, article, reasons(revision, why="Sidan kommer tillbaka snart.")
    )
    assert outcome.result is Result.WAITING
    assert outcome.to_read == (editor,)
    assert not is_public(article)

    item = open_submission_of(article).items.get()
    assert confirmed(editor, article, agreement(item, editor)).result is Result.PUBLISHED
    assert is_public(article)


def test_in_an_emergency_red_does_not_stop(article, chief_editor):
    revision = written(article, chief_editor, "TODO: ingress")
    put_out_in_emergency(chief_editor, [revision], "Explosion, allmänheten måste varnas nu")
    assert is_public(article)


def test_the_checks_are_not_asked_again_at_the_start_time(
    article, section, editor, chief_editor, mailed, monkeypatch
):
    target = ArticlePageFactory(parent=section, title="Målet", slug="malet", live=False)
    publish_by_two(target, editor, chief_editor)
    page = ArticlePage.objects.get(pk=article.pk)
    page.body = [("prose", f'<p>Läs <a linktype="page" id="{target.pk}">mer om valet</a>.</p>')]
    page.go_live_at = timezone.now() + timedelta(hours=30)
    send(editor, [page.save_revision(user=editor)])
    assert confirmed(chief_editor, article).result is Result.SCHEDULED
    away = make_proposal("withdraw", target, {"reason": "outdated"}, editor)
    send(editor, [away])
    confirm(chief_editor, away.item.submission, {away.item.pk: Seen(away.item.digest)})
    (told,) = mailed(tell_what_turned_red)
    assert told.subject == "Rött påpekande: ”Valet”"
    assert set(told.to) == {editor.email, chief_editor.email}
    assert "I nattens publiceringskoll finns 1 rött påpekande" in told.body
    assert "Den publiceras ändå om ingen stoppar den." in told.body

    # That the site of this test is public without the word of two is what it ends with.
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("newsroom_daily", stdout=said)
    assert "1 sak som väntar har något rött" in said.getvalue()

    monkeypatch.setattr(timezone, "now", lambda: page.go_live_at)
    publish_due(page.go_live_at)
    assert is_public(article)


# Every way in: what is sent, and whether what is red in it stops it.


def _page(section):
    page = ArticlePageFactory(parent=section, title="Valet TODO", slug="valet-2", live=False)
    return page.save_revision()


def _message(section):
    return AlertFactory(heading="TODO", live=False).save_revision()


def _level(section):
    return ThreatLevelDecisionFactory(
        text="Lorem ipsum dolor sit amet.", live=False
    ).save_revision()


def _contact(section):
    return Contact.objects.create(name="XXX", phone="010-568 70 00", live=False).save_revision()


def _topic(section):
    return TopicFactory(name="TODO", live=False).save_revision()


def test_what_is_red_stops_in_every_kind_of_content(section, editor):
    for made in [_page, _message, _level, _contact, _topic]:
        with pytest.raises(RedFindingsLeft):
            send(editor, [made(section)])


def test_what_is_red_in_the_words_of_a_public_picture_stops_its_change(
    section, editor, chief_editor
):
    picture = SiteImageFactory()
    proposal = propose_change(picture, {"description": "bild 1"}, None, editor)
    with pytest.raises(RedFindingsLeft):
        send(editor, [proposal])


def test_a_file_that_takes_the_place_of_another_is_checked_by_what_was_found_in_it(editor):
    file = SiteDocument.objects.create(title="Plan", file=ContentFile(b"x", name="plan.txt"))
    found = set[str]()
    for octets in (b"y", b"z"):
        proposal = propose_change(file, {}, ContentFile(octets, name="ny.txt"), editor)
        proposal.parameters["inspection"] = {"seen": {"painted_over": [2]}}
        (checked,) = check_together([proposal])
        assert [each.title for each in checked.findings] == ["Något är målat över i en skannad PDF"]
        found.update(checked.amber)
    assert len(found) == 2, "what was seen of one file is not seen of another"


def test_a_move_has_no_words_and_is_not_checked(article, section, home, editor, chief_editor):
    publish_by_two(article, editor, chief_editor)
    proposal = make_proposal("move", article, {"to": home.pk}, editor)
    assert send(editor, [proposal]).result is Result.WAITING


def test_no_kind_that_is_sent_passes_the_check_unread(section):
    """Of whatever app: a new kind is among them by itself."""
    for model in guarded_models():
        if model is Page:
            continue
        obj = model(live=False)
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                if issubclass(field.related_model, Locale):
                    obj.locale = Locale.get_default()
                elif field.related_model is Page and not field.null and not field.primary_key:
                    setattr(obj, field.attname, section.pk)
            elif field.editable and field.choices:
                setattr(obj, field.name, field.flatchoices[0][0])
            elif field.editable and isinstance(field, (CharField, TextField)):
                words = {SlugField: "todo", URLField: "https://example.org/", EmailField: "a@b.se"}
                setattr(obj, field.name, words.get(type(field), "TODO, annat"))
        if isinstance(obj, Page):
            obj.slug = f"todo-{model._meta.model_name}"
            section.add_child(instance=obj)
        else:
            obj.save()
        (checked,) = check_together([obj.save_revision()])
        titles = {each.title for each in checked.red.values()}
        assert "Text som inte är färdig" in titles, model
