"""The mails of the newsroom, word for word, and whom they go to."""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPServerDisconnected
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.utils import timezone, translation
from wagtail.models import Comment

from pages.content.publishing.roles import CHIEF_EDITORS
from pages.newsroom.acts import WithdrawAct
from pages.newsroom.due import remind
from pages.newsroom.emergencies import open_emergencies, put_out_in_emergency, review
from pages.newsroom.models import Duty
from pages.newsroom.moments import clock
from pages.newsroom.proposals import make_proposal
from pages.newsroom.stopping import stop_approved, waiting_for_their_time
from pages.newsroom.story_mails import mail_deviations
from pages.newsroom.submissions import open_submission_of, return_for_changes, send
from pages.newsroom.verify import Deviation
from tests.factories import ArticlePageFactory
from tests.newsroom import approved_by_two, call_by_name, confirm_all

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 12, 2, tzinfo=UTC)  # a Friday, 13.02 in Sweden
LAST = "Svara inte på det här mejlet."
ROLF, CECILIA, EVA = (f"{name}@example.org" for name in ("rolf", "cecilia", "eva"))


@pytest.fixture
def eva(roles, django_user_model):
    user = django_user_model.objects.create_user(
        "eva", EVA, "hemligt-nog-for-prov", first_name="Eva", last_name="Ek"
    )
    user.groups.add(Group.objects.get(name=CHIEF_EDITORS))
    return user


@pytest.fixture
def nobody(roles, django_user_model):
    """A chief editor without an address."""
    user = django_user_model.objects.create_user("nils", password="hemligt-nog-for-prov")
    user.groups.add(Group.objects.get(name=CHIEF_EDITORS))


@pytest.fixture(autouse=True)
def _people(editor, chief_editor, eva, nobody, monkeypatch, settings):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    settings.WAGTAILADMIN_BASE_URL = "https://www.example.se"
    settings.DEFAULT_FROM_EMAIL = "webb@example.org"
    call_by_name(editor, chief_editor)


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """What is mailed of something that is done: subject, to whom, what it says, and its link."""

    def told(do, *args, **more):
        mail.outbox.clear()
        with translation.override("en"), django_capture_on_commit_callbacks(execute=True):
            do(*args, **more)
        return [_read(letter) for letter in mail.outbox]

    return told


def _read(letter):
    assert parseaddr(letter.from_email) == ("Redaktionsverktyget", "webb@example.org")
    words, link, last = letter.body.rstrip("\n").rsplit("\n\n", 2)
    assert last == LAST
    assert letter.content_subtype == "plain"
    assert "Hemlig text" not in letter.body
    return letter.subject, letter.to, words, link


@pytest.fixture
def article(section):
    return ArticlePageFactory(
        parent=section, title="Valet", slug="valet", lead="Hemlig text", live=False
    )


def version(page, **words):
    draft = type(page).objects.get(pk=page.pk)
    for name, value in words.items():
        setattr(draft, name, value)
    return draft.save_revision()


def test_what_is_sent_is_told_to_the_chiefs(told, article, editor):
    letters = told(
        send, editor, [version(article)], note="Ny siffra.", wanted_by=NOW + timedelta(hours=2)
    )
    link = f"https://www.example.se/admin/redaktion/godkann/{open_submission_of(article).pk}/"
    assert letters == [
        (
            "Att godkänna: ”Valet”", [CECILIA, EVA],
            "Rolf Redaktör har skickat ”Valet” för godkännande i dag kl. 13.02. Meddelande: "
            "”Ny siffra.” Ska vara ute före i dag kl. 15.02.", link,
        )
    ]  # fmt: skip
    assert told(send, editor, [version(article)]) == []  # the same again


def test_who_is_on_call_is_asked_alone_for_an_hour(
    told, article, editor, chief_editor, eva, client
):
    eva.groups.add(Group.objects.get(name=CHIEF_EDITORS))
    turn = Duty.objects.create(account=eva, begins=NOW.date())
    client.force_login(chief_editor)
    assert all("Eva Ek" in client.get(f"/admin/duty/{at}").content.decode() for at in ("", "new/"))
    [(_subject, to, *_rest)] = told(send, editor, [version(article)])
    assert to == [EVA]
    assert told(remind, NOW + timedelta(minutes=59)) == []
    [(subject, to, *_rest)] = told(remind, NOW + timedelta(hours=1))
    assert (subject, to) == ("Påminnelse: ”Valet” väntar", [CECILIA, EVA])
    assert told(remind, NOW + timedelta(hours=2)) == []

    [(_subject, to, *_rest)] = told(send, eva, [version(article, title="Valet i höst")])
    assert to == [CECILIA]  # nobody is asked for a word on what is one's own
    eva.groups.clear()
    [(_subject, to, *_rest)] = told(send, editor, [version(article, title="Valet 2026")])
    assert to == [CECILIA]
    assert turn.account == eva


def test_a_change_is_told_to_who_sent_it(told, article, editor, chief_editor):
    send(editor, [version(article)])
    ((subject, to, words, _link),) = told(
        send, chief_editor, [version(article, title="Valet,")], way="changed"
    )
    assert (subject, to) == ("Cecilia Chefredaktör har ändrat ”Valet,”", [ROLF])
    assert words == (
        "Cecilia Chefredaktör har ändrat det du skickade och godkänt sin ändring. Läs ändringen. "
        "Godkänner du publiceras den direkt."
    )


def test_what_is_to_be_changed_is_told_to_who_sent_it(told, article, editor, chief_editor):
    send(editor, [version(article)])
    Comment.objects.create(page=article, user=chief_editor, text="Här", contentpath="title")
    letters = told(return_for_changes, chief_editor, open_submission_of(article), "Kolla siffran.")
    assert letters == [
        (
            "Ändra i ”Valet”", [ROLF],
            "Cecilia Chefredaktör vill att du ändrar i ”Valet” innan den publiceras. ”Kolla "
            "siffran.” 1 kommentar finns på sidan.",
            f"https://www.example.se/admin/redaktion/skicka/article/{article.pk}/",
        )
    ]  # fmt: skip


def test_what_is_published_is_told_with_its_address(told, article, editor, chief_editor):
    send(editor, [version(article)])
    ((subject, to, words, link),) = told(confirm_all, chief_editor, article)
    assert (subject, to) == ("Publicerad: ”Valet”", [ROLF])
    assert words == (
        "”Valet” publicerades i dag kl. 13.02. Skickad av Rolf Redaktör, godkänd av Cecilia "
        "Chefredaktör."
    )
    assert link == article.full_url


def test_what_is_stopped_is_told_to_both(told, article, editor, chief_editor, eva):
    due_at = datetime(2026, 11, 28, 8, tzinfo=UTC)
    send(editor, [version(article, go_live_at=due_at)])
    ((subject, to, words, _link),) = told(confirm_all, chief_editor, article)
    assert (subject, to) == ("Godkänd: ”Valet”", [ROLF])
    approval = waiting_for_their_time().get()
    ((subject, to, words, _link),) = told(stop_approved, eva, approval, "Fel siffra.")
    assert (subject, to) == ("Stoppad: ”Valet”", [CECILIA, ROLF])
    assert words == (
        "”Valet” skulle ha publicerats 28 november kl. 09.00, men är stoppad. Inget ändras för "
        "läsarna. Stoppad av: Eva Ek. ”Fel siffra.”"
    )


def test_an_emergency_and_its_review_are_told_to_all_chiefs(
    told, article, editor, chief_editor, eva
):
    ((subject, to, words, link),) = told(
        put_out_in_emergency, chief_editor, [version(article)], "Fara för människors liv."
    )
    assert (subject, to) == ("Nödpublicerat: ”Valet”", [CECILIA, EVA])
    approval = open_emergencies().get()
    assert words == (
        f"Cecilia Chefredaktör publicerade ”Valet” ensam kl. {clock(approval.decided_at)}. Skäl: "
        "”Fara för människors liv.” Någon annan måste granska i efterhand."
    )
    assert link.endswith(f"/{approval.pk}/")
    ((subject, to, words, _link),) = told(review, eva, approval, "right")
    assert (subject, to) == ("Granskat: ”Valet”", [CECILIA])
    assert words == "Eva Ek granskade ”Valet” kl. 13.02. Svar: Det är rätt."


def test_a_removal_in_an_emergency_is_called_by_the_pages_name(told, article, editor, chief_editor):
    approved_by_two(editor, chief_editor, version(article))
    article.refresh_from_db()
    proposal = make_proposal(
        WithdrawAct.name, article, {"reason": "mistake", "replaced_by": None}, chief_editor
    )
    ((subject, _to, words, _link),) = told(
        put_out_in_emergency, chief_editor, [proposal], "Fara för människors liv."
    )
    assert subject == "Nödpublicerat: ”Valet”"
    assert words.startswith("Cecilia Chefredaktör tog bort ”Valet” från webbplatsen ensam kl. ")


def test_the_check_of_the_night_names_what_it_found(told, settings):
    found = [Deviation("/start/valet/", "är inte det som godkändes")]
    ((subject, to, words, last),) = told(mail_deviations, found)
    assert (subject, to) == ("Något på webbplatsen stämmer inte", [CECILIA, EVA])
    assert words == (
        "Nattens kontroll hittade 1 sak som skiljer sig från det som godkändes:\n\n"
        "/start/valet/: är inte det som godkändes"
    )
    assert last == "Ring den som sköter driften."
    settings.MAILS_NAME_TITLES = False
    ((_subject, _to, words, _last),) = told(mail_deviations, found)
    assert "valet" not in words


def test_titles_can_be_left_out(told, settings, article, editor):
    settings.MAILS_NAME_TITLES = False
    ((subject, _to, words, _link),) = told(send, editor, [version(article)])
    assert subject == "Att godkänna: något i redaktionsverktyget"
    assert "Valet" not in words


@pytest.mark.fault("mail gone")
def test_a_mail_server_that_does_not_answer_undoes_nothing(
    told, article, editor, chief_editor, caplog, acknowledges
):
    send(editor, [version(article)])
    with patch("django.core.mail.EmailMessage.send", side_effect=SMTPServerDisconnected):
        assert told(confirm_all, chief_editor, article) == []
    article.refresh_from_db()
    acknowledges(1, lost=1 - article.live)
    assert "SMTPServerDisconnected" in caplog.text
