"""What chief editors keep for the checks, and the report on links."""

from datetime import timedelta

from django.core import mail
from django.urls import reverse
from django.utils import timezone

from pages.checks.models import LinkState, Phrase
from tests.factories import AlertFactory, ArticlePageFactory


def _page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# Phrases


def test_a_website_begins_with_phrases_of_each_kind(db):
    kinds = set(Phrase.objects.values_list("kind", flat=True))
    assert kinds == {"secrecy", "case_number", "placeholder"}
    for phrase in Phrase.objects.all():
        phrase.full_clean()


def test_a_chief_editor_keeps_the_phrases_and_all_chiefs_are_told_but_not_the_words(
    client, chief_editor, django_capture_on_commit_callbacks
):
    chief_editor.email = "chef@example.org"
    chief_editor.save()
    client.force_login(chief_editor)
    assert "ärendenummer *#*" in _page(client, reverse("phrase:index"))
    words = {"text": "Vargtass", "kind": "secrecy", "note": ""}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("phrase:add"), words)
    phrase = Phrase.objects.get(text="Vargtass")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("phrase:edit", args=[phrase.pk]), {**words, "note": "Kodnamn"})
        client.post(reverse("phrase:edit", args=[phrase.pk]), {**words, "note": "Kodnamn"})
        client.post(reverse("phrase:delete", args=[phrase.pk]))
    assert not Phrase.objects.filter(text="Vargtass").exists()
    bodies = [each.body.splitlines()[0] for each in mail.outbox]
    assert [body.split(" ett ord")[0].split(" har ")[1] for body in bodies] == [
        "lagt till", "ändrat", "tagit bort",
    ]  # fmt: skip
    assert all("(Sekretessmärkning)" in body for body in bodies)
    assert "Vargtass" not in "".join(each.subject + each.body for each in mail.outbox)


def test_an_editor_sees_the_phrases_and_changes_none(client, editor):
    client.force_login(editor)
    phrase = Phrase.objects.first()
    assert client.get(reverse("phrase:add")).status_code == 302
    client.post(reverse("phrase:delete", args=[phrase.pk]))
    client.post(reverse("phrase:add"), {"text": "Vargtass", "kind": "secrecy"})
    assert Phrase.objects.filter(pk=phrase.pk).exists()
    assert not Phrase.objects.filter(text="Vargtass").exists()


def test_what_would_stop_everything_is_not_saved(client, chief_editor):
    client.force_login(chief_editor)
    answer = client.post(
        reverse("phrase:add"), {"text": "#*", "is_pattern": "on", "kind": "case_number"}
    )
    assert "minst två bokstäver eller siffror" in answer.content.decode()


# The report


def test_the_report_lists_what_does_not_answer_with_the_way_to_each_page(client, editor, section):
    client.force_login(editor)
    assert "Länkarna har inte kontrollerats än" in _page(client, reverse("links_report"))
    page = ArticlePageFactory(parent=section, title="Så skyddar vi valet", slug="valet")
    alert = AlertFactory(heading="Telefonerna ligger nere")
    now = timezone.now()
    for address, status, names in (
        ("https://www.example.org/borta", "404", [f"content.articlepage:{page.pk}", f"content.alert:{alert.pk}"]),
        ("https://www.example.org/svarar", "200", [f"content.articlepage:{page.pk}"]),
        ("/verksamheten/utkast/", "not_public", ["content.articlepage:987654"]),
    ):  # fmt: skip
        state = LinkState(address=address, named_by=names)
        state.note(status, is_failing=status != "200", at=now - timedelta(hours=1))
        state.save()
    html = _page(client, reverse("links_report"))
    assert "Länkar" in html
    assert "https://www.example.org/borta" in html
    assert "svar 404" in html
    assert (
        f'href="{reverse("wagtailadmin_pages:edit", args=[page.pk])}">Så skyddar vi valet' in html
    )
    assert "Telefonerna ligger nere" in html
    assert "besökare kan inte läsa den" in html
    assert "svarar</" not in html
    rows = client.get(reverse("links_report"), {"export": "csv"}).getvalue().decode()
    assert "Så skyddar vi valet, Telefonerna ligger nere" in rows
    assert "/admin/reports/links/" in _page(client, reverse("wagtailadmin_home"))
