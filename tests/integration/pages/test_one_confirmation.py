"""What two persons confirm at once becomes public at once: all of it, or nothing."""

import pytest
from wagtail.models import Page

from pages.content.models import Alert, NewsPage, ThreatLevelDecision
from pages.newsroom import gate, submissions
from pages.newsroom.emergencies import put_out_in_emergency
from pages.newsroom.models import Approval, Publication, Submission
from pages.newsroom.submissions import Result, send
from tests.factories import (
    AlertFactory,
    ArticlePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    ThreatLevelDecisionFactory,
)
from tests.newsroom import confirm_all

THINGS = 4


class _Fault(Exception):
    pass


@pytest.fixture
def drafts(section, home):
    news_list = NewsIndexPageFactory(parent=home)
    made = [
        AlertFactory(live=False, heading="Stanna inomhus"),
        ThreatLevelDecisionFactory(live=False, level=5),
        NewsPageFactory(parent=news_list, title="Det har hänt", live=False),
        ArticlePageFactory(parent=section, title="Frågor och svar", live=False),
    ]
    return [each.save_revision() for each in made]


def _fail_at(patch, module, name, number):
    """Lets a function fail when it is called for the nth time."""
    calls, real = [], getattr(module, name)

    def run(*args, **kwargs):
        calls.append(name)
        if len(calls) == number:
            raise _Fault
        return real(*args, **kwargs)

    patch.setattr(module, name, run)


def _public():
    return [
        Alert.objects.public().count(),
        ThreatLevelDecision.objects.public().filter(level=5).count(),
        NewsPage.objects.live().filter(title="Det har hänt").count(),
        Page.objects.live().filter(title="Frågor och svar").count(),
    ]


FAULTS = [
    *(("note_public", number) for number in range(1, THINGS + 1)),  # after each was published
    ("carry_out", 1),  # before the first
    ("close", 1),  # after all
]


@pytest.mark.parametrize(("name", "number"), FAULTS)
def test_a_fault_at_any_of_the_things_leaves_nothing_public_and_all_can_be_confirmed_again(
    client, editor, chief_editor, drafts, monkeypatch, name, number
):
    module = gate if name == "note_public" else submissions
    submission = send(editor, drafts).submission
    words = submission.confirmations.count()
    before = client.get("/").content
    with monkeypatch.context() as patch:
        _fail_at(patch, module, name, number)
        with pytest.raises(_Fault):
            confirm_all(chief_editor, drafts[0].content_object)

    assert _public() == [0, 0, 0, 0]
    assert client.get("/").content == before
    assert not Publication.objects.filter(approval__submission=submission).exists()
    assert not Approval.objects.filter(submission=submission).exists()
    assert submission.confirmations.count() == words
    assert Submission.objects.get(pk=submission.pk).is_open

    assert confirm_all(chief_editor, drafts[0].content_object).result is Result.PUBLISHED
    assert _public() == [1, 1, 1, 1]


@pytest.mark.parametrize("number", [2, THINGS])
def test_alone_in_an_emergency_it_is_all_or_nothing_too(chief_editor, drafts, monkeypatch, number):
    with monkeypatch.context() as patch:
        _fail_at(patch, gate, "note_public", number)
        with pytest.raises(_Fault):
            put_out_in_emergency(chief_editor, drafts, "Människors liv är i fara.")
    assert _public() == [0, 0, 0, 0]
    assert not Approval.objects.exists()
    sent = send(chief_editor, drafts).submission
    assert len(put_out_in_emergency(chief_editor, drafts, "Människors liv är i fara.")) == THINGS
    assert _public() == [1, 1, 1, 1]
    # What was sent of them as one waits no longer.
    assert Submission.objects.get(pk=sent.pk).outcome == Submission.Outcome.PUBLISHED
