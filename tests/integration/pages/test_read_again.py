"""A page has an owner who reads it again, and one press shows readers the day."""

import html
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.timezone import localdate

from pages.content.models import ArticlePage, Upkeep
from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS, REGISTRARS
from pages.newsroom.emergencies import put_out_in_emergency
from pages.newsroom.models import Publication
from pages.newsroom.verify import deviations
from tests.factories import ArticlePageFactory, ThreatLevelPageFactory
from tests.newsroom import publish_by_two

pytestmark = pytest.mark.django_db

TODAY = localdate()


@pytest.fixture
def registrar(roles, django_user_model):
    user = django_user_model.objects.create_user("rut", password="hemligt-nog-for-prov")
    user.groups.add(Group.objects.get(name=REGISTRARS))
    return user


@pytest.fixture
def article(section, editor, chief_editor):
    article = ArticlePageFactory(parent=section, title="Valet", slug="valet", live=False)
    publish_by_two(article, editor, chief_editor)
    return article


def words(answer) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def asked(article) -> str:
    return f"/admin/redaktion/stammer/{article.pk}/"


def due(article, days: int) -> None:
    Upkeep.objects.filter(page=article).update(due_on=TODAY + timedelta(days=days))


def test_each_page_is_read_again_in_a_year_and_advice_in_three_months(
    article, section, editor, chief_editor
):
    level = ThreatLevelPageFactory(parent=section, live=False)
    publish_by_two(level, editor, chief_editor)
    assert [(each.role, (each.due_on - TODAY).days) for each in (article.upkeep, level.upkeep)] == [
        ("Redaktörer", 365),
        ("Redaktörer", 91),
    ]


def test_the_owner_says_on_the_start_page_that_it_is_right_and_readers_see_the_day(
    client, article, editor, chief_editor
):
    client.force_login(editor)
    due(article, 30)
    start = words(client.get("/admin/"))
    assert "Inget väntar på dig." not in start
    assert f'href="{asked(article)}"' in start
    assert "Granskad" not in words(client.get(article.url))
    told = {"act": "read", "seen": article.live_revision_id}
    assert "Att läsa igen (" not in words(client.post(asked(article), told, follow=True))
    shown = words(client.get(article.url))
    assert f'Granskad</span> <time datetime="{TODAY.isoformat()}">' in shown
    assert Publication.objects.filter(key=str(article.pk)).count() == 1
    assert [each for each in deviations() if article.url in each.where] == []


def test_what_was_published_meanwhile_is_read_first(client, article, editor, chief_editor):
    client.force_login(editor)
    shown = article.live_revision_id
    draft = ArticlePage.objects.get(pk=article.pk)
    draft.title = "Valet i höst"
    draft.save_revision(user=editor)
    publish_by_two(draft, editor, chief_editor)
    told = client.post(asked(article), {"act": "read", "seen": shown}, follow=True)
    assert "Innehållet är inte längre det du läste." in words(told)
    assert Upkeep.objects.get(page=article).read_on is None


def test_only_the_owner_and_chief_editors_say_it(client, article, editor, chief_editor, registrar):
    due(article, -1)
    said = {"act": "read", "seen": article.live_revision_id}
    client.force_login(chief_editor)
    assert "Inte läst i tid (1)" in words(client.get("/admin/"))
    client.post(asked(article), {"role": CHIEF_EDITORS, "months": 6, "due_on": TODAY, "person": ""})
    far = {"role": EDITORS, "months": 24, "due_on": TODAY + timedelta(days=731), "person": ""}
    assert "Välj en dag inom två år." in words(client.post(asked(article), far))
    assert Upkeep.objects.get(page=article).due_on == TODAY
    mine = {"role": "Redaktörer", "months": 3, "due_on": TODAY, "person": ""}
    for user in (editor, registrar):
        client.force_login(user)
        assert "Att läsa igen (" not in words(client.get("/admin/"))
        client.post(asked(article), mine)
        client.post(asked(article), said)
        assert Upkeep.objects.get(page=article).read_on is None
    assert Upkeep.objects.get(page=article).role == CHIEF_EDITORS
    client.force_login(chief_editor)
    client.post(asked(article), said)
    assert Upkeep.objects.get(page=article).read_by == chief_editor


def test_what_belonged_to_somebody_whose_account_is_closed_is_the_roles(
    client, article, editor, chief_editor
):
    due(article, 0)
    Upkeep.objects.update(person=chief_editor)
    client.force_login(editor)
    assert "Att läsa igen (" not in words(client.get("/admin/"))
    type(chief_editor).objects.filter(pk=chief_editor.pk).update(is_active=False)
    assert "Att läsa igen (1)" in words(client.get("/admin/"))


def test_a_draft_that_was_never_public_cannot_be_said_to_be_right(client, editor, section):
    draft = ArticlePageFactory(parent=section, title="Utkast", live=False)
    client.force_login(editor)
    assert client.get(asked(draft)).status_code == 404


def test_what_is_no_page_is_told_in_words(client, editor):
    client.force_login(editor)
    for address in ("http://[", "http://a\u2100b/", "/\0/"):
        answer = client.get("/admin/andra/", {"sida": address}, follow=True)
        assert "Det finns ingen sida som du kan ändra på" in words(answer)
    assert client.get(f"/admin/redaktion/stammer/{10**30}/").status_code == 404


def test_a_quiet_morning_is_one_line_and_nobody_on_call_is_said_where_it_is_changed(
    client, editor, chief_editor
):
    told = "Ingen har jour för godkännande: mejlen går till alla chefredaktörer."
    client.force_login(editor)
    start = words(client.get("/admin/"))
    assert (told in start, start.count("Inget")) == (True, 1)
    client.force_login(chief_editor)
    turns = words(client.get(reverse("duty:index")))
    assert told in turns
    assert "Lägg till jour för godkännande" in turns


def test_what_came_out_twice_today_stands_there_once(client, article, editor, chief_editor):
    draft = ArticlePage.objects.get(pk=article.pk)
    draft.title = "Valet i höst"
    draft.save_revision(user=editor)
    publish_by_two(draft, editor, chief_editor)
    client.force_login(editor)
    start = words(client.get("/admin/"))
    assert "Kom ut i dag (1)" in start
    assert "Valet i höst" in start
    assert "· publicerad · " in start


def test_what_one_person_put_out_in_an_emergency_is_said_to_be_that(client, article, chief_editor):
    put_out_in_emergency(chief_editor, [article.save_revision()], "Fara för människors liv.")
    client.force_login(chief_editor)
    assert "· nödpublicerad · chefredaktor" in words(client.get("/admin/"))
